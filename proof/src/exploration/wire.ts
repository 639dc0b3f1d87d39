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
  after: (name: string) => Promise<void> | void
  /** Whether changes are told late, in any order with replies. */
  latePushes: boolean
}

const stepsOfAPush = 8
/** It lay in a socket, say. */
const stepsOfADelay = 8

type Command = (...values: unknown[]) => Promise<unknown>

/** The same store with another thing in the place of each of its commands, whatever commands it has. */
export function withCommands(store: Store, replace: (name: string, command: Command) => Command): Store {
  const replaced = Object.entries(store)
    .filter(([name]) => !['connection', 'watch', 'close', 'evictedKeys'].includes(name))
    .map(([name, command]) => [name, replace(name, command as Command)])
  return { ...store, ...Object.fromEntries(replaced) }
}

/** What changes nothing in a store. */
export const isRead = (name: string): boolean => ['get', 'getMany', 'readWatermark'].includes(name)

/** A store behind a link on which every command leaves, is done and is answered at moments that the scheduler chooses. */
export function overTheWire(store: Store, options: WireOptions): Store {
  const { engine, step, fate, before, after, latePushes } = options

  const sent = (name: string, command: Command) => async (values: unknown[]) => {
    const connection = store.connection()
    const done = async () => {
      await step(`${name} is done`)
      if (store.connection() !== connection) throw new engine.StoreUnavailable('The connection was lost.')
      before()
      const result = await command(...values)
      await after(name)
      return result
    }
    const late = async () => {
      for (let turn = 0; turn < stepsOfADelay; turn++) await step(`${name} is on its way`)
      await done()
    }
    const mine = fate()
    if (mine === 'done late') late().catch(() => {})
    if (mine === 'done late' || mine === 'lost') throw new engine.StoreUnavailable('not answered')
    const result = await done()
    for (let turn = mine === 'answered late' ? stepsOfADelay : 1; turn > 0; turn--)
      await step(`${name} is answered`)
    return result
  }

  async function pushLate(push: () => void): Promise<void> {
    for (let turn = 0; turn < stepsOfAPush; turn++) await step('a push is on its way')
    push()
  }

  return {
    ...withCommands(store, (name, command) => {
      const send = sent(name, command)
      return (...values) => send(values)
    }),
    watch: (prefix, watcher) =>
      store.watch(prefix, {
        reset: () => watcher.reset(),
        changed(key) {
          if (latePushes) void pushLate(() => watcher.changed(key))
          else watcher.changed(key)
        },
      }),
  }
}
