import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { findBinaries, reachableBinaries, restoreLinks } from '#src/postgres/binaries.ts'
import { serverUser } from '#src/postgres/server-user.ts'
import { isRoot, temporaryFolder } from '../fixtures.ts'

test('the links that npm packages cannot hold are made, also where install scripts are off', async () => {
  const folder = join(temporaryFolder(), 'native')
  mkdirSync(join(folder, 'lib'), { recursive: true })
  writeFileSync(join(folder, 'lib/libpq.so.5.18'), 'library')
  const links = [{ source: 'native/lib/libpq.so.5.18', target: 'native/lib/libpq.so' }]
  writeFileSync(join(folder, 'pg-symlinks.json'), JSON.stringify(links))
  await restoreLinks(folder)
  await restoreLinks(folder)
  expect(readFileSync(join(folder, 'lib/libpq.so'), 'utf8')).toBe('library')
})

test.runIf(isRoot)('as root, binaries that no other user can reach are copied to where he can', async () => {
  const [closed, home] = [temporaryFolder(), '/var/tmp/alicerce-test-binaries']
  rmSync(home, { recursive: true, force: true })
  mkdirSync(home, { mode: 0o711 })
  cpSync(await findBinaries(), join(closed, 'native'), { recursive: true, verbatimSymlinks: true })
  const copy = await reachableBinaries(join(closed, 'native'), serverUser(), home)
  expect(copy.startsWith(home)).toBe(true)
  expect(await reachableBinaries(copy, serverUser(), home)).toBe(copy)
  rmSync(home, { recursive: true })
})
