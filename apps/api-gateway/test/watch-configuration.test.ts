import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { until } from '@alicerce/testing'
import { expect, test } from 'vitest'
import { changeOf, watchConfiguration } from '#src/watch-configuration.ts'

test('GW-09 a change between the reading and the first look is a change, and so is a file that goes and comes back', async () => {
  const file = join(mkdtempSync(join(tmpdir(), 'gateway-')), 'gateway.json')
  expect(changeOf(file)).toBeUndefined()
  writeFileSync(file, '{}')
  let reloads = 0
  const stop = watchConfiguration(file, (changeOf(file) as number) - 1, () => reloads++)
  await until(() => reloads === 1)
  rmSync(file)
  await until(() => reloads === 2)
  writeFileSync(file, '{}')
  await until(() => reloads === 3)
  stop()
  writeFileSync(file, '{ }')
  process.emit('SIGHUP')
  expect(reloads).toBe(3)
})
