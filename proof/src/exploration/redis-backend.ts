import { setImmediate as turnOfTheLoop } from 'node:timers/promises'
import { createTestRedis, until } from '@alicerce/testing'
import { Redis } from 'ioredis'
import type { Backend } from './backend.ts'
import type { Engine, Store } from './engine.ts'
import { withCommands } from './wire.ts'

/** Long: what is explored is the order of events, on a machine that does other work too. */
const deadlineMilliseconds = 20_000

/** Ends each lease, as its time does: it may be taken over from now on. */
const endLeases = `
for _, key in ipairs(redis.call('KEYS', '*')) do
  if redis.call('GETRANGE', key, 0, 0) == 'L' then redis.call('SETRANGE', key, 25, string.rep('0', 13)) end
end`

/** Real Redis under a world: one server of its own for many runs. Its commands are done one at a time, when the scheduler says so. */
export async function openRedisBackends() {
  const redis = await createTestRedis()
  const administrator = new Redis(redis.url)
  const stores = new Map<Engine, Store[]>()

  function storesOf(engine: Engine, clients: number): Store[] {
    const known = stores.get(engine)
    if (known) return known
    const made = Array.from({ length: clients }, () =>
      engine.redisStore({ url: redis.url, deadlineMilliseconds }),
    )
    stores.set(engine, made)
    return made
  }

  async function createBackend(engine: Engine, _clock: unknown, clients: number): Promise<Backend> {
    const mine = storesOf(engine, clients)
    await Promise.all(mine.map((store) => until(() => store.get('nothing').then(() => true))))
    const watches = new Set<ReturnType<Store['watch']>>()
    const underWay = new Set<Promise<unknown>>()

    function tracked<Result>(work: Promise<Result>): Promise<Result> {
      underWay.add(work)
      const over = () => void underWay.delete(work)
      work.then(over, over)
      return work
    }

    const heard = () =>
      tracked(
        Promise.all([...watches].map((watch) => until(() => watch.live && watch.barrier().then(() => true)))),
      ).then(() => {})

    /** Something is done to Redis itself, and all have heard of it. */
    const administer = (work: () => Promise<unknown>): Promise<void> => tracked(work().then(heard))

    return {
      stores: mine.map((store) => ({
        ...withCommands(
          store,
          (_name, command) =>
            (...values) =>
              tracked(command(...values)),
        ),
        watch(prefix, watcher) {
          const watch = store.watch(prefix, watcher)
          watches.add(watch)
          return {
            get live() {
              return watch.live
            },
            barrier: () => watch.barrier(),
            close() {
              watches.delete(watch) // what is closed hears nothing more
              watch.close()
            },
          }
        },
      })),
      async settled() {
        while (underWay.size > 0) {
          await Promise.allSettled(underWay)
          await turnOfTheLoop()
        }
      },
      heard,
      endLeases: () => administer(() => administrator.eval(endLeases, 0)),
      evict: () =>
        administer(async () => {
          const [key] = (await administrator.keys('*')).filter((name) => name.endsWith('}'))
          if (key) await administrator.unlink(key)
        }),
      flush: () => administer(() => administrator.flushall()),
      reconnect: () => administer(() => administrator.call('CLIENT', 'KILL', 'TYPE', 'pubsub')),
      failOver() {
        throw new Error('Here is only one Redis.')
      },
      replicate() {},
      disconnect() {}, // it comes back by itself
      async close() {
        for (const watch of watches) watch.close()
        await administrator.flushall()
      },
    }
  }

  return {
    createBackend,
    async close() {
      await Promise.all([...stores.values()].flat().map((store) => store.close()))
      administrator.disconnect()
      await redis.stop()
    },
  }
}
