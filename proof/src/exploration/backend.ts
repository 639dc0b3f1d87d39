import type { FakeClock } from '@alicerce/testing'
import type { Engine, Store, Watcher } from './engine.ts'
import { isRead, withCommands } from './wire.ts'

/** What the caches of a world store in, seen from above: what can be done to it besides. */
export type Backend = {
  /** The store of each client. */
  stores: Store[]
  /** Resolves when nothing is under way between the clients and the store. */
  settled?: () => Promise<void>
  /** Resolves when all clients have heard what was done so far. */
  heard?: () => Promise<void>
  /** Lets every lease end, at once. */
  endLeases(): Promise<void>
  evict(): Promise<void>
  flush(): Promise<void>
  /** Another store takes over, which has what was replicated to it. */
  failOver(): void
  /** Brings the other store up to date. */
  replicate(): void
  /** The links on which changes are told break: what is told meanwhile is lost. */
  disconnect(): void
  /** They are made anew. */
  reconnect(): Promise<void> | void
  close(): Promise<void>
}

type Write = (store: Store) => Promise<unknown>

/** Two stores in memory, one of which is used, while the other one is sent what was done there, some time later. */
export function memoryBackend(engine: Engine, clock: FakeClock, clients: number): Backend {
  let primary = engine.memoryStore({ clock })
  let replica = engine.memoryStore({ clock })
  let done: Write[] = []
  let replicated = 0
  let connection = 0
  let live = true
  const keys = new Set<string>()
  const watches: { prefix: string; watcher: Watcher; watch: ReturnType<Store['watch']> }[] = []

  function write<Result>(work: (store: Store) => Promise<Result>): Promise<Result> {
    done.push(work)
    return work(primary)
  }

  /** Nobody is told of what happens to a replica. */
  function replicate(): void {
    for (const work of done.slice(replicated)) void work(replica)
    replicated = done.length
  }

  function disconnect(): void {
    live = false
    for (const { watch, watcher } of watches) {
      watch.close()
      watcher.reset()
    }
  }

  function reconnect(): void {
    live = true
    for (const mine of watches) {
      mine.watch.close()
      mine.watch = primary.watch(mine.prefix, mine.watcher)
      mine.watcher.reset()
    }
  }

  /** Of a flush nobody is told by key. */
  async function flush(): Promise<void> {
    for (const { watch } of watches) watch.close()
    await write((store) => store.invalidate([...keys]))
    if (live) reconnect()
  }

  /** Of the one that is used at the moment: both have the same commands. */
  const command = (name: string, of: Store) =>
    of[name as keyof Store] as (...values: unknown[]) => Promise<unknown>
  const store: Store = {
    ...withCommands(primary, (name) => (...values) => {
      if (isRead(name)) return command(name, primary)(...values)
      if (typeof values[0] === 'string') keys.add(values[0])
      return write((to) => command(name, to)(...values))
    }),
    connection: () => connection,
    watch(prefix, watcher) {
      const mine = { prefix, watcher, watch: primary.watch(prefix, watcher) }
      watches.push(mine)
      return {
        get live() {
          return live
        },
        async barrier() {
          if (!live) throw new engine.StoreUnavailable('Nobody hears anything.')
        },
        close: () => mine.watch.close(),
      }
    },
    close: () => primary.close(),
  }

  return {
    stores: Array.from({ length: clients }, () => store),
    endLeases: async () => clock.advance(10_000),
    evict: async () => void (await write((to) => to.invalidate([...keys].slice(0, 1)))),
    flush,
    replicate,
    disconnect,
    reconnect,
    failOver() {
      done = done.slice(0, replicated)
      replicated = 0
      primary = replica
      replica = engine.memoryStore({ clock })
      connection++
      reconnect()
    },
    close: () => primary.close(),
  }
}
