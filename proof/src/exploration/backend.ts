import type { FakeClock } from '@alicerce/testing'
import type { Engine, Store, Watcher } from './engine.ts'

/** What the caches of a world store in, seen from above: what can be done to it besides. */
export type Backend = {
  /** The store of each client. */
  stores: Store[]
  /** Resolves when nothing is under way between the clients and the store. */
  settled?: () => Promise<void>
  /** Lets every lease end, at once. */
  endLeases(): Promise<void>
  evict(): Promise<void>
  flush(): Promise<void>
  /** Another store takes over, which has what was replicated to it. */
  failOver(): void
  /** Brings the other store up to date. */
  replicate(): void
  /** All links to the store break and are made anew. */
  reconnect(): void
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

  function reconnect(): void {
    connection++
    for (const { watcher } of watches) watcher.reset()
  }

  /** Of a flush nobody is told by key. */
  async function flush(): Promise<void> {
    for (const { watch } of watches) watch.close()
    await write((store) => store.invalidate([...keys]))
    for (const mine of watches) mine.watch = primary.watch(mine.prefix, mine.watcher)
    for (const { watcher } of watches) watcher.reset()
  }

  const store: Store = {
    get: (key) => primary.get(key),
    getMany: (wanted) => primary.getMany(wanted),
    acquire(key, ...values) {
      keys.add(key)
      return write((to) => to.acquire(key, ...values))
    },
    fill: (...values) => write((to) => to.fill(...values)),
    replace: (...values) => write((to) => to.replace(...values)),
    release: (...values) => write((to) => to.release(...values)),
    mark(key, ...values) {
      keys.add(key)
      return write((to) => to.mark(key, ...values))
    },
    invalidate: (gone) => write((to) => to.invalidate(gone)),
    raise: (...values) => write((to) => to.raise(...values)),
    connection: () => connection,
    readWatermark: (key) => primary.readWatermark(key),
    moveWatermark: (...values) => write((to) => to.moveWatermark(...values)),
    watch(prefix, watcher) {
      const mine = { prefix, watcher, watch: primary.watch(prefix, watcher) }
      watches.push(mine)
      return { live: true, barrier: async () => {}, close: () => mine.watch.close() }
    },
    close: () => primary.close(),
  }

  return {
    stores: Array.from({ length: clients }, () => store),
    endLeases: async () => clock.advance(10_000),
    evict: async () => void (await write((to) => to.invalidate([...keys].slice(0, 1)))),
    flush,
    replicate,
    reconnect,
    failOver() {
      done = done.slice(0, replicated)
      replicated = 0
      primary = replica
      replica = engine.memoryStore({ clock })
      for (const mine of watches) {
        mine.watch.close()
        mine.watch = primary.watch(mine.prefix, mine.watcher)
      }
      reconnect()
    },
    close: () => primary.close(),
  }
}
