import { fakeClock } from '@alicerce/testing'
import fc from 'fast-check'
import {
  type CacheStore,
  memoryStore,
  type PolicyOptions,
  type StartTimer,
  StoreUnavailable,
} from '#src/index.ts'
import { createInstance, enterLongAgo } from '../fixtures.ts'

/** What one actor does, in as many steps as the scheduler likes to give it, after so many turns of `idle`. */
export type Actor = { idle: number } & (
  | { kind: 'read'; client: number; times: number; knowing: boolean }
  | { kind: 'write'; client: number; by: 'key' | 'tag' | 'namespace' }
  /** Lets every lease run out, whatever its holder is doing. */
  | { kind: 'time' }
)

/** A run: who does what, which commands of the store are not answered (but are done all the same, later), and which loads fail. */
export type Plan = { actors: Actor[]; unanswered: boolean[]; failing: boolean[] }

/** Changes the store of one client: how a mutant is made. */
export type Mutation = (store: CacheStore, client: number) => CacheStore

const clients = [0, 1]
const client = fc.constantFrom(...clients)
/** Without it nearly everybody would begin before the first load is under way. */
const idle = fc.integer({ min: 0, max: 15 })

/** True once in so many times. */
const oneOf = (times: number) =>
  fc.oneof({ weight: times - 1, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) })

/** Plans of two processes and some readers and writers of one key. */
const plansOf = (by: ('key' | 'tag' | 'namespace')[]): fc.Arbitrary<Plan> =>
  fc.record({
    actors: fc.array(
      fc.oneof(
        {
          weight: 6,
          arbitrary: fc.record({
            idle,
            kind: fc.constant('read' as const),
            client,
            times: fc.integer({ min: 1, max: 3 }),
            knowing: fc.boolean(),
          }),
        },
        {
          weight: 3,
          arbitrary: fc.record({
            idle,
            kind: fc.constant('write' as const),
            client,
            by: fc.constantFrom(...by),
          }),
        },
        { weight: 1, arbitrary: fc.record({ idle, kind: fc.constant('time' as const) }) },
      ),
      { minLength: 4, maxLength: 12 },
    ),
    unanswered: fc.array(oneOf(10), { minLength: 1, maxLength: 12 }),
    failing: fc.array(oneOf(5), { minLength: 1, maxLength: 6 }),
  })

/** Some of them change with it. */
export const tagsOfTheValue = ({ id, version }: { id: string; version: number }) => [
  `${id} in its state ${version % 3}`,
  'every',
]

/** Writers invalidate the key that changed. */
export const plans = plansOf(['key'])
/** Or a tag of it, or all there is. */
export const plansWithTags = plansOf(['key', 'tag', 'tag', 'namespace'])

/**
 * Runs a plan: every command of the store leaves, is done and is answered at moments that the scheduler chooses, and so do the two halves
 * of a load. With `latePushes` changes are told to the first level late, in any order with replies.
 *
 * `stale`: reads that began after an invalidation was acknowledged and got something older. `stuck`: what the cache still says, when all is
 * quiet, although something newer was acknowledged.
 */
export async function explore(options: {
  scheduler: fc.Scheduler
  plan: Plan
  latePushes?: boolean
  mutation?: Mutation
  policy?: Partial<PolicyOptions>
  /** How far time goes on with each command, milliseconds. Default 0. */
  pace?: number
  /**
   * Loads read a replica, which is behind by any time, but not over a jump of time. Classes have versions, and half of the reads ask for the
   * last one that was committed.
   */
  replica?: boolean
  /** Whether values carry tags, and whether these are known before the load, or by the value only. */
  tags?: 'of the id' | 'of the value'
}): Promise<{ stale: number; stuck: number }> {
  const {
    scheduler,
    plan,
    latePushes = false,
    mutation = (store) => store,
    policy,
    pace = 0,
    replica = false,
    tags,
  } = options
  const clock = fakeClock()
  const shared = memoryStore({ clock })
  if (replica) void enterLongAgo(shared)
  // Two in a row are answered, wherever a pair of commands begins: else nothing would ever be delivered.
  const unanswered = [...plan.unanswered, false, false, false]
  const step = (label: string) => scheduler.schedule(Promise.resolve(), label)
  let committed = 1
  let acknowledged = 1
  let stale = 0
  let commands = 0
  let replicated = 1
  let loads = 0
  let quiet = false

  async function pushLate(push: () => void): Promise<void> {
    for (let turn = 0; turn < 8; turn++) await step('a push is on its way')
    push()
  }

  function overTheWire(store: CacheStore): CacheStore {
    async function command<Result>(label: string, work: () => Promise<Result>): Promise<Result> {
      const done = async () => {
        await step(`${label} is done`)
        clock.advance(pace)
        return work()
      }
      if (!quiet && unanswered[commands++ % unanswered.length]) {
        done().catch(() => {})
        throw new StoreUnavailable('not answered')
      }
      const result = await done()
      await step(`${label} is answered`)
      return result
    }
    return {
      get: (key) => command('get', () => store.get(key)),
      getMany: (keys) => command('getMany', () => store.getMany(keys)),
      acquire: (...values) => command('acquire', () => store.acquire(...values)),
      fill: (...values) => command('fill', () => store.fill(...values)),
      mark: (...values) => command('mark', () => store.mark(...values)),
      enter: (...values) => command('enter', () => store.enter(...values)),
      raise: (...values) => command('raise', () => store.raise(...values)),
      replace: (...values) => command('replace', () => store.replace(...values)),
      release: (...values) => command('release', () => store.release(...values)),
      invalidate: (keys) => command('invalidate', () => store.invalidate(keys)),
      connection: store.connection,
      readWatermark: (key) => command('readWatermark', () => store.readWatermark(key)),
      moveWatermark: (...values) => command('moveWatermark', () => store.moveWatermark(...values)),
      watch: (prefix, watcher) =>
        store.watch(prefix, {
          reset: watcher.reset,
          changed(key) {
            if (latePushes) void pushLate(() => watcher.changed(key))
            else watcher.changed(key)
          },
        }),
      close: () => store.close(),
    }
  }

  // A timer may end early for an impatient process and late for one that sleeps; a long one takes many turns, or hardly any load would
  // live long enough to be overtaken. When all is quiet no load takes too long.
  const startTimer: StartTimer = (milliseconds, action) => {
    let stopped = false
    const long = milliseconds > 1000
    const pass = async () => {
      for (let turn = long ? 20 : 1; turn > 0 && !stopped; turn--) await step('timer')
      if (!stopped) action()
    }
    if (!(quiet && long)) void pass()
    return () => {
      stopped = true
    }
  }

  const instances = clients.map((number) =>
    createInstance(
      mutation(overTheWire(shared), number),
      {
        async load(id, { atLeast }) {
          const fails = !quiet && plan.failing[loads++ % plan.failing.length]
          await step('row is read')
          const version = replica && replicated >= atLeast ? replicated : committed
          for (let turn = 0; turn < 6; turn++) await step('loader works') // long, compared with a command
          if (fails) throw new Error('the loader fails')
          return { id, version }
        },
      },
      {
        ...policy,
        ...(replica && { version: (thing: { version: number }) => thing.version }),
        ...(tags === 'of the id' && { tags: (id: string) => [`tag of ${id}`, 'every'] }),
        ...(tags === 'of the value' && { valueTags: tagsOfTheValue }),
        cache: { clock, random: () => 0.5, startTimer },
      },
    ),
  )
  const instance = (number: number) => instances[number] as (typeof instances)[number]
  const things = (number: number) => instance(number).things

  function invalidate(
    { client: number, by }: Extract<Actor, { kind: 'write' }>,
    version: number,
  ): Promise<boolean> {
    if (by === 'key') return things(number).invalidateNow('a', replica ? { version } : {})
    return by === 'tag' ? instance(number).cache.invalidateTagNow('every') : instance(number).cache.clearNow()
  }

  async function read(number: number, knowing: boolean): Promise<void> {
    const floor = knowing ? committed : acknowledged
    const value = await things(number)
      .get('a', knowing ? { minVersion: floor } : {})
      .catch(() => undefined)
    if (value && value.version < floor) stale++
  }

  async function replicate(version: number): Promise<void> {
    for (let turn = 0; turn < 10; turn++) await step('the replica is behind')
    replicated = Math.max(replicated, version)
  }

  async function act(actor: Actor): Promise<void> {
    for (let turn = 0; turn <= actor.idle; turn++) await step(`${actor.kind} idles`)
    if (actor.kind === 'time') {
      replicated = committed
      clock.advance(10_000)
    } else if (actor.kind === 'read')
      for (let time = 0; time < actor.times; time++) await read(actor.client, replica && actor.knowing)
    else {
      const version = ++committed
      if (replica) void replicate(version)
      // What the relay of the outbox does: again until it is delivered.
      while (!(await invalidate(actor, version))) await step('relay tries again')
      acknowledged = Math.max(acknowledged, version)
    }
  }

  await scheduler.waitFor(Promise.all(plan.actors.map(act)))
  await scheduler.waitIdle()
  quiet = true
  clock.advance(10_000)
  let stuck = 0
  for (const number of [...clients, ...clients]) {
    const last = await scheduler.waitFor(things(number).get('a'))
    if (last === undefined || last.version < acknowledged) stuck++
  }
  await scheduler.waitIdle()
  return { stale, stuck }
}
