import { chmodSync, mkdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { until } from '@alicerce/testing'
import { expect, test } from 'vitest'
import { isAlive } from '#src/processes.ts'
import {
  inOtherProcess,
  isRoot,
  killHard,
  query,
  start,
  takenPort,
  temporaryFolder,
  watchdogOf,
} from '../fixtures.ts'

const postmasterOf = (folder: string) =>
  Number.parseInt(readFileSync(join(folder, 'postgres/data/postmaster.pid'), 'utf8'), 10)

const startElsewhere = (folder: string) =>
  inOtherProcess(`
    await startPostgres({ directory: ${JSON.stringify(join(folder, 'postgres'))} })
    console.log('started')`)

test('the first start makes the data, the second finds it again', async () => {
  const folder = openFolder()
  const first = await start(folder)
  expect(first).toMatchObject({ created: true, recovered: false })
  await query(first.superuserUrl, 'create table kept as select 42 as answer')
  await first.stop()

  const second = await start(folder)
  expect(second).toMatchObject({ created: false, recovered: false })
  expect((await query(second.superuserUrl, 'select answer from kept')).rows).toEqual([{ answer: 42 }])
})

test('it listens on the loopback address alone, wants a password and sorts alike on every machine', async () => {
  const folder = openFolder()
  const postgres = await start(folder)
  const { rows } = await query(
    postgres.superuserUrl,
    `select current_setting('listen_addresses') as addresses, current_setting('server_encoding') as encoding,
       datlocprovider as provider, datlocale as locale from pg_database where datname = 'postgres'`,
  )
  expect(rows[0]).toEqual({ addresses: '127.0.0.1', encoding: 'UTF8', provider: 'b', locale: 'C.UTF-8' })
  await expect(query(postgres.url('postgres', 'postgres', 'guess'), 'select 1')).rejects.toThrow(
    'authentication failed',
  )
  expect(statSync(join(folder, 'postgres/data/superuser-password')).mode & 0o777).toBe(0o600)
})

test('a taken port is named', async () => {
  const port = await takenPort()
  const starting = start(openFolder(), { port })
  await expect(starting).rejects.toMatchObject({
    code: 'port-taken',
    message: expect.stringContaining(`Port ${port}`),
  })
})

test('a second run on the same data is refused while the first goes on', async () => {
  const folder = openFolder()
  await start(folder)
  await expect(start(folder)).rejects.toMatchObject({ code: 'already-running' })
})

test('what an interrupted first start left is made anew', async () => {
  const folder = openFolder()
  mkdirSync(join(folder, 'postgres/data.new/base'), { recursive: true })
  writeFileSync(join(folder, 'postgres/data.password.new'), 'half')
  expect((await start(folder)).created).toBe(true)
})

test('the server ends when its starter is killed, and the next start goes well', async () => {
  const folder = openFolder()
  const { child } = await startElsewhere(folder)
  const postmaster = postmasterOf(folder)
  await killHard(child)
  await until(() => !isAlive(postmaster))
  await start(folder)
})

test('a server that outlived its killed starter is stopped and started anew', async () => {
  const folder = openFolder()
  const { child } = await startElsewhere(folder)
  const postmaster = postmasterOf(folder)
  process.kill(watchdogOf(postmaster), 'SIGKILL')
  await killHard(child)
  expect(isAlive(postmaster)).toBe(true)
  expect((await start(folder)).recovered).toBe(true)
  expect(isAlive(postmaster)).toBe(false)
})

test('after the server itself was killed, what was committed is there', async () => {
  const folder = openFolder()
  const first = await start(folder)
  await query(first.superuserUrl, 'create table kept as select 42 as answer')
  process.kill(postmasterOf(folder), 'SIGKILL')
  await first.stop()
  const second = await start(folder)
  expect(second.recovered).toBe(true)
  expect((await query(second.superuserUrl, 'select from kept')).rowCount).toBe(1)
})

test('a lock file whose process id belongs to another program now is no obstacle', async () => {
  const folder = openFolder()
  await (await start(folder)).stop()
  writeFileSync(join(folder, 'postgres/data/postmaster.pid'), `${process.pid}\n`)
  expect((await start(folder)).recovered).toBe(true)
})

test('data of another major version is refused with what to do', async () => {
  const folder = openFolder()
  await (await start(folder)).stop()
  writeFileSync(join(folder, 'postgres/data/PG_VERSION'), '15\n')
  const starting = start(folder)
  await expect(starting).rejects.toMatchObject({
    code: 'other-version',
    message: expect.stringContaining('--reset'),
  })
})

test.runIf(isRoot)(
  'as root, data of a folder that no other user can reach is kept in /var/tmp, and it says so',
  async () => {
    const folder = temporaryFolder()
    const told: string[] = []
    const postgres = await start(folder, { progress: (message) => told.push(message) })
    expect(postgres.directory).toMatch(/^\/var\/tmp\/alicerce-[0-9a-f]{12}$/)
    expect(told.join()).toContain(postgres.directory)
    await query(postgres.superuserUrl, 'select 1')
  },
)

test.runIf(isRoot)('as root, a link laid in /var/tmp where the data would go is not followed', async () => {
  const folder = temporaryFolder()
  const { directory, stop } = await start(folder)
  await stop()
  rmSync(directory, { recursive: true })
  symlinkSync(folder, directory)
  await expect(start(folder)).rejects.toMatchObject({ code: 'folder-unsafe' })
})

/** A temporary folder that PostgreSQL's user can reach. */
function openFolder(): string {
  const folder = temporaryFolder()
  chmodSync(folder, 0o755)
  return folder
}
