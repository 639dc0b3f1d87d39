import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { takeLock } from '../src/lock.ts'

const lockFile = async () => join(await mkdtemp(join(tmpdir(), 'lock-')), 'lock')

test('a lock held by a living process is refused, with its number', async () => {
  const file = await lockFile()
  await writeFile(file, String(process.ppid))
  await expect(takeLock(file)).rejects.toThrow(`process ${process.ppid}`)
})

test('a lock left by a killed run is taken over', async () => {
  const file = await lockFile()
  await writeFile(file, '4194305') // above the largest process number that Linux gives
  await expect(takeLock(file)).resolves.toBeTypeOf('function')
})

test('a damaged lock is taken over', async () => {
  const file = await lockFile()
  await writeFile(file, 'not a number')
  await expect(takeLock(file)).resolves.toBeTypeOf('function')
})

test('a lock given back can be taken again', async () => {
  const file = await lockFile()
  await (await takeLock(file))()
  await expect(takeLock(file)).resolves.toBeTypeOf('function')
})
