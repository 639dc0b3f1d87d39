import type { Engine, Store } from './engine.ts'
import type { Fate } from './plan.ts'

/** What makes a link between a client and the store. */
export type WireOptions = {
  engine: Engine
  step: (label: string) => Promise<void>
  /** What becomes of the next command. */
  fate: () => Fate
  /** Just before a command is done, and just after it was. */
  before: () => void
  after: (wrote: boolean) => Promise<void> | void
  /** Whether changes are told late, in any order with replies. */
  latePushes: boolean
}

const stepsOfAPush = 8
/** It lay in a socket, say. */
const stepsOfADelay = 8

/** A store behind a link on which every command leaves, is done and is answered at moments that the scheduler chooses. */
export function overTheWire(store: Store, options: WireOptions): Store {
  const { engine, step, fate, before, after, latePushes } = options

  async function command<Result>(label: string, wrote: boolean, work: () => Promise<Result>): Promise<Result> {
    const connection = store.connection()
    const done = async () => {
      await step(`${label} is done`)
      if (store.connection() !== connection) throw new engine.StoreUnavailable('The connection was lost.')
      before()
      const result = await work()
      await after(wrote)
      return result
    }
    const late = async () => {
      for (let turn = 0; turn < stepsOfADelay; turn++) await step(`${label} is on its way`)
      await done()
    }
    const mine = fate()
    if (mine !== 'answered') {
      if (mine === 'done late') late().catch(() => {})
      throw new engine.StoreUnavailable('not answered')
    }
    const result = await done()
    await step(`${label} is answered`)
    return result
  }

  async function pushLate(push: () => void): Promise<void> {
    for (let turn = 0; turn < stepsOfAPush; turn++) await step('a push is on its way')
    push()
  }

  return {
    get: (key) => command('get', false, () => store.get(key)),
    getMany: (keys) => command('getMany', false, () => store.getMany(keys)),
    acquire: (...values) => command('acquire', true, () => store.acquire(...values)),
    fill: (...values) => command('fill', true, () => store.fill(...values)),
    mark: (...values) => command('mark', true, () => store.mark(...values)),
    raise: (...values) => command('raise', true, () => store.raise(...values)),
    replace: (...values) => command('replace', true, () => store.replace(...values)),
    release: (...values) => command('release', true, () => store.release(...values)),
    invalidate: (keys) => command('invalidate', true, () => store.invalidate(keys)),
    connection: () => store.connection(),
    readWatermark: (key) => command('readWatermark', false, () => store.readWatermark(key)),
    moveWatermark: (...values) => command('moveWatermark', true, () => store.moveWatermark(...values)),
    watch: (prefix, watcher) =>
      store.watch(prefix, {
        reset: () => watcher.reset(),
        changed(key) {
          if (latePushes) void pushLate(() => watcher.changed(key))
          else watcher.changed(key)
        },
      }),
    close: () => store.close(),
  }
}
