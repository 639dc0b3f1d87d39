import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createTestDatabase } from '@alicerce/testing'
import { Client } from 'pg'
import type { Commits } from '../history/judge.ts'
import { type Read, readsIn } from '../history/read-log.ts'
import type { SubjectName } from '../service/subjects.ts'
import { migrations } from '../service/things.ts'
import { clockOffset, commitsOf } from './commits.ts'
import { createRedisSide, type RedisSide, type Topology } from './redis-side.ts'
import { type ServiceProcess, startServiceProcess } from './service-process.ts'

/** One PostgreSQL, Redis in some topology, and some processes of a service. */
export type World = {
  readonly redis: RedisSide
  readonly services: readonly ServiceProcess[]
  readonly things: number
  commits(): Promise<Commits>
  reads(): Iterable<Read>
  close(): Promise<void>
}

/** How to make a world. */
export type WorldOptions = {
  subject: SubjectName
  topology: Topology
  seed: number
  services: number
  bound: number
}

/** So many that what is wrong with one of them is not soon mended by its next write. */
const things = 400
/** The clock of the second process is fast, that of the third is slow. */
const clockErrors = [0, 60_000, -60_000]

/** Makes a world in which everything is well, yet. */
export async function createWorld(options: WorldOptions): Promise<World> {
  const { subject, topology, seed, services: count, bound } = options
  const directory = mkdtempSync(join(tmpdir(), 'alicerce-proof-'))
  const [database, redis] = await Promise.all([createTestDatabase({ migrations }), createRedisSide(topology)])
  const client = new Client({ connectionString: database.ownerUrl })
  client.on('error', () => {}) // of a connection that ends with its server
  await client.connect()
  await client.query(`insert into things select number, 1 from generate_series(0, ${things - 1}) number`)
  await client.query('insert into versions select id, version from things')
  const offset = await clockOffset(client)
  const services = await Promise.all(
    Array.from({ length: count }, (_, number) =>
      startServiceProcess({
        number,
        directory,
        redis,
        databaseUrl: database.url,
        service: {
          ...{ subject, seed, things, bound, readers: 4, writers: 2 },
          readsReplicas: number > 0,
          clockError: clockErrors[number % clockErrors.length] as number,
        },
      }),
    ),
  )
  return {
    redis,
    services,
    things,
    async commits() {
      const drift = Math.abs((await clockOffset(client)) - offset)
      if (drift > 20)
        throw new Error(
          `The clock of this machine was set (${drift} ms): nothing can be judged. Run it again.`,
        )
      return commitsOf(client, offset)
    },
    *reads() {
      for (const [number, { readLogs }] of services.entries()) {
        for (const file of readLogs) yield* readsIn(file, number)
      }
    },
    async close() {
      await Promise.all(services.map((service) => service.stop()))
      await client.end()
      await Promise.all([redis.stop(), database.drop()])
      rmSync(directory, { recursive: true, force: true })
    },
  }
}
