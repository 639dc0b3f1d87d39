import { setImmediate as turnOfTheLoop } from 'node:timers/promises'
import type { PolicyOptions } from '@alicerce/cache-aside'
import { type FakeClock, fakeClock } from '@alicerce/testing'
import type fc from 'fast-check'
import { type Static, Type } from 'typebox'
import { type Backend, memoryBackend } from './backend.ts'
import type { Engine, Store } from './engine.ts'
import { createModelOutbox, type ModelOutbox, type OutboxFault, type Tx } from './outbox.ts'
import { type Actor, clients, type Fate, type Plan } from './plan.ts'
import { isRead, overTheWire } from './wire.ts'

/** What a world is like. */
export type Conditions = {
  /** Of the class that is read. */
  policy?: Partial<PolicyOptions>
  /** How far time goes on with each command, milliseconds. Default 0. */
  pace?: number
  /** Whether changes are told to the first level late, in any order with replies. */
  latePushes?: boolean
  /**
   * Loads read a replica of the database, which is behind by any time, but not over a jump of time. Classes have versions, and half of the
   * reads ask for the last one that was committed.
   */
  replica?: boolean
  /** Whether values carry tags, and whether these are known before the load, or by the value only. */
  tags?: 'of the id' | 'of the value'
  /** Writers use transactions, and a relay delivers what they did not. Then what counts is when something was committed. */
  outbox?: boolean
  outboxFault?: OutboxFault
  /** Loaders read in a transaction that their reader had begun before. */
  oldSnapshots?: boolean
}

/** What a run found. */
export type Findings = {
  /**
   * Reads that began after an invalidation was acknowledged and got something older, where pushes are late after one by their own process;
   * with an outbox, reads that miss what was committed longer ago than the bound.
   */
  stale: number
  /** What the cache still said, when all was quiet, although something newer was known. */
  stuck: number
  /** Reads that the cache answered. */
  hits: number
}

/** With an outbox: no read may miss what was committed longer ago, milliseconds. */
const bound = 2000
const stepsOfALoad = 6
const stepsOfALag = 10
const stepsOfADeafness = 10
const stepsOfACommit = 6
/** Of a timer, milliseconds. */
const longest = 1000
const turnsOf = (milliseconds: number) => Math.ceil(Math.min(milliseconds, longest) / 50)
/** Names of things are of no matter, as long as one changes and another one does not. */
const [changing, quietOne] = ['a', 'b']
const namespace = 'explored'
const log = { warn() {} }
const ThingSchema = Type.Object({ id: Type.String(), version: Type.Number() })
type Thing = Static<typeof ThingSchema>
/** Some change with the value, so that what is loaded carries a tag that nobody asked for; one stays. */
const tagsOfTheValue = ({ id, version }: Thing) => [`${id} in its state ${version % 3}`, 'every']
/** Longer than a source may be behind, as the cache takes it; milliseconds. */
const longAgo = 10_000

/** How to run a plan. */
export type ExploreOptions = {
  engine: Engine
  scheduler: fc.Scheduler
  plan: Plan
  conditions: Conditions
  /** Default: stores in memory. */
  createBackend?: (engine: Engine, clock: FakeClock, clients: number) => Backend | Promise<Backend>
}

/**
 * Runs a plan: every command of the store leaves, is done and is answered at moments that the scheduler chooses; so do the halves of a load,
 * timers, and all that the actors do. Time is virtual.
 */
export async function explore(options: ExploreOptions): Promise<Findings> {
  const { createBackend = memoryBackend } = options
  const clock = fakeClock()
  const realNow = performance.now
  const backend = await createBackend(options.engine, clock, clients.length)
  // Trust in the cache goes by the monotonic clock, so that nobody can set it. Here nothing may go by real time.
  if (options.conditions.outbox) performance.now = () => clock.now()
  try {
    return await run(options, clock, backend)
  } finally {
    performance.now = realNow
    await backend.close()
  }
}

async function run(options: ExploreOptions, clock: FakeClock, backend: Backend): Promise<Findings> {
  const { engine, scheduler, plan, conditions } = options
  const { policy, pace = 0, latePushes = false, replica = false, tags } = conditions
  const step = (label: string) => scheduler.schedule(Promise.resolve(), label)
  const act = backend.settled && settledAct(backend.settled)
  const findings: Findings = { stale: 0, stuck: 0, hits: 0 }
  const source = createSource(conditions, clock, step)
  const model = conditions.outbox
    ? createModelOutbox({ step, now: clock.now, fault: conditions.outboxFault })
    : undefined
  let quiet = false
  // Some are answered in a row, or nothing would ever be delivered that takes more than one command.
  const nextFate = cycle<Fate>([...plan.fates, 'answered', 'answered', 'answered'])
  const nextFailing = cycle(plan.failing)
  const nextReplicating = cycle(plan.replicating)

  // Time goes on with timers: one may end late, for a process that sleeps, and the longer it is the more happens before. When all is quiet no
  // load takes too long.
  function startTimer(milliseconds: number, action: () => void): () => void {
    let stopped = false
    const due = clock.now() + milliseconds
    const pass = async () => {
      for (let turn = turnsOf(milliseconds); turn > 0 && !stopped; turn--) await step('timer')
      if (stopped) return
      clock.set(Math.max(clock.now(), due))
      action()
    }
    if (!(quiet && milliseconds > longest)) void pass()
    return () => {
      stopped = true
    }
  }

  const shape = {
    ...{ name: 'thing', schema: ThingSchema, key: (id: string) => id, ttl: 60_000 },
    ...(replica && { version: (thing: Thing) => thing.version }),
  }

  /**
   * Things with versions are as in the deploy before: while that may not have been so, a load asks for the newest that there is, and would
   * never meet a replica. On Redis, whose time is not ours, it always does.
   */
  async function deployLongAgo(store: Store): Promise<void> {
    const before = engine.createCache({ namespace, store, clock, log })
    await before.define({ ...shape, load: async () => undefined }).get('of long ago')
    await before.close()
    clock.advance(longAgo)
  }
  if (replica) await deployLongAgo(backend.stores[0] as Store)

  const instances = backend.stores.map((store) => {
    const cache = engine.createCache<unknown>({
      namespace,
      store: overTheWire(store, {
        ...{ engine, step, latePushes },
        fate: () => (quiet ? 'answered' : nextFate()),
        before: () => clock.advance(pace),
        async after(name) {
          if (isRead(name)) return
          if (nextReplicating()) backend.replicate()
          await backend.heard?.()
        },
      }),
      ...(model && { outbox: model.outbox, stalenessBound: bound }),
      ...{ clock, startTimer, random: () => 0.5, log },
      onRead: ({ source: from }) => {
        if (from === 'l1' || from === 'redis') findings.hits++
      },
    })
    const things = cache.define({
      ...shape,
      load: (id, { atLeast }) => source.load(id, atLeast, !quiet && nextFailing()),
      ...policy,
      ...(tags === 'of the id' && { tags: (id: string) => [`tag of ${id}`, 'every'] }),
      ...(tags === 'of the value' && { valueTags: tagsOfTheValue }),
    })
    return { cache, things }
  })
  type Instance = (typeof instances)[number]
  const instance = (client: number) => instances[client] as Instance

  const invalidateNow = ({ cache, things }: Instance, { by }: Write, version: number): Promise<boolean> => {
    if (by === 'key') return things.invalidateNow(changing, replica ? { version } : {})
    return by === 'tag' ? cache.invalidateTagNow('every') : cache.clearNow()
  }

  async function invalidate({ cache, things }: Instance, { by }: Write, tx: Tx): Promise<void> {
    if (by === 'key') await things.invalidate(tx, changing)
    else await (by === 'tag' ? cache.invalidateTag(tx, 'every') : cache.clear(tx))
  }

  /** The least version that a read by this client may be answered which begins now. */
  function mustKnow(client: number): number {
    if (model) return source.committedBefore(bound)
    // That another one has invalidated is heard late; that he did so himself is known to everybody.
    const all = !latePushes || policy?.strict
    return Math.max(...source.acknowledged.filter((_, by) => all || by === client))
  }

  async function read({ client, knowing, many }: Extract<Actor, { kind: 'read' }>): Promise<void> {
    const wanting = replica && knowing
    const floor = wanting ? source.committed : mustKnow(client)
    const { things } = instance(client)
    const answer = many
      ? things.getMany([quietOne, changing]).then((found) => found.get(changing))
      : source.inSnapshot(() => things.get(changing, wanting ? { minVersion: floor } : {}))
    const value = await answer.catch(() => undefined)
    if (many && wanting) return // many are read without asking for a version
    if (value && value.version < floor) findings.stale++
  }

  async function write(actor: Write): Promise<void> {
    const mine = instance(actor.client)
    if (model) return writeInTransaction(model, mine, actor)
    const version = source.commit()
    while (!(await invalidateNow(mine, actor, version))) await step('tries again')
    source.acknowledge(actor.client, version)
  }

  async function writeInTransaction(outbox: ModelOutbox, mine: Instance, actor: Write): Promise<void> {
    const tx = outbox.begin()
    await invalidate(mine, actor, tx)
    await source.locked(async () => {
      for (let turn = 0; turn < stepsOfACommit; turn++) await step('about to commit')
      if (actor.ends === 'rollback') return
      outbox.commit(tx)
      source.commit()
    })
    if (actor.ends === 'commit') for (const action of tx.actions) action()
  }

  /** Delivers what writers did not, until all is over. */
  async function relay(outbox: ModelOutbox): Promise<void> {
    for (;;) {
      for (let turn = 0; turn < plan.relayIdles; turn++) await step('the relay idles')
      const row = outbox.next()
      if (!row && quiet) return
      if (!row) continue
      const delivered = instance(Number(row.id) % clients.length).cache.outboxHandler(row)
      await delivered.then(
        () => outbox.markDelivered([row.id]),
        () => {}, // it tries again
      )
    }
  }

  async function perform(actor: Actor): Promise<void> {
    const idle = async () => {
      for (let turn = 0; turn <= actor.idle; turn++) await step(`${actor.kind} idles`)
    }
    await idle()
    if (actor.kind === 'read') {
      await read(actor)
      for (let time = 1; time < actor.times; time++) {
        if (model) await idle()
        await read(actor)
      }
    } else if (actor.kind === 'write') await write(actor)
    else if (actor.kind === 'time') {
      source.catchUp()
      await backend.endLeases()
    } else if (actor.kind === 'evict') await backend.evict()
    else if (actor.kind === 'flush') await backend.flush()
    else if (actor.kind === 'failover') backend.failOver()
    else {
      backend.disconnect()
      for (let turn = 0; turn < stepsOfADeafness; turn++) await step('the link is broken')
      await backend.reconnect()
    }
  }

  await backend.heard?.()
  await scheduler.waitFor(Promise.all(instances.map(({ cache }) => cache.ready())), act)
  const relaying = model && relay(model)
  await scheduler.waitFor(Promise.all(plan.actors.map(perform)), act)
  quiet = true
  if (relaying) await scheduler.waitFor(relaying, act)
  else await scheduler.waitIdle(act)
  await backend.endLeases()
  for (const client of [...clients, ...clients]) {
    const last = await scheduler.waitFor(instance(client).things.get(changing), act)
    if (last === undefined || last.version < (model ? source.committed : Math.max(...source.acknowledged)))
      findings.stuck++
  }
  await scheduler.waitFor(Promise.all(instances.map(({ cache }) => cache.close())), act)
  await scheduler.waitIdle(act)
  return findings
}

type Write = Extract<Actor, { kind: 'write' }>

/** The scheduler chooses what is next when nothing is under way between clients and store: that makes a run what its seed says. */
const settledAct = (settled: () => Promise<void>) => async (release: () => Promise<void>) => {
  await release()
  await turnOfTheLoop()
  await settled()
}

function cycle<Item>(items: readonly Item[]): () => Item {
  let next = 0
  return () => items[next++ % items.length] as Item
}

/** The database: one thing changes, another one does not. */
function createSource(
  { replica, oldSnapshots }: Conditions,
  clock: FakeClock,
  step: (label: string) => Promise<void>,
) {
  /** When each version was committed. The first one always was. */
  const commits = [Number.NEGATIVE_INFINITY]
  let replicated = 1
  let lock = Promise.resolve()
  let snapshot: number | undefined
  const source = {
    get committed() {
      return commits.length
    },
    /** The newest version whose invalidation each client has seen acknowledged. */
    acknowledged: clients.map(() => 1),
    acknowledge(client: number, version: number): void {
      source.acknowledged[client] = Math.max(source.acknowledged[client] as number, version)
    },
    committedBefore: (milliseconds: number) => commits.filter((at) => at < clock.now() - milliseconds).length,
    commit(): number {
      const version = commits.push(clock.now())
      if (replica) void replicate(version)
      return version
    },
    /** As under the lock of the row. */
    locked(work: () => Promise<void>): Promise<void> {
      lock = lock.then(work)
      return lock
    },
    catchUp(): void {
      replicated = commits.length
    },
    /** What is read within sees the database as it is now. */
    inSnapshot<Result>(work: () => Promise<Result>): Promise<Result> {
      if (oldSnapshots) snapshot ??= commits.length
      return work().finally(() => {
        snapshot = undefined
      })
    },
    async load(id: string, atLeast: number, fails: boolean) {
      await step('row is read')
      const newest = replica && replicated >= atLeast ? replicated : commits.length
      const version = id === changing ? (snapshot ?? newest) : 1
      for (let turn = 0; turn < stepsOfALoad; turn++) await step('loader works') // long, compared with a command
      if (fails) throw new Error('the loader fails')
      return { id, version }
    },
  }
  async function replicate(version: number): Promise<void> {
    for (let turn = 0; turn < stepsOfALag; turn++) await step('the replica is behind')
    replicated = Math.max(replicated, version)
  }
  return source
}
