import fc from 'fast-check'

/** How a writer says what has changed. */
export type By = 'key' | 'tag' | 'namespace'

/** What one actor does, in as many steps as the scheduler likes to give it, after so many turns of `idle`. */
export type Actor = { idle: number } & (
  | { kind: 'read'; client: number; times: number; knowing: boolean; many: boolean }
  | { kind: 'write'; client: number; by: By; ends: 'commit' | 'rollback' | 'crash after commit' }
  /** Lets every lease run out, whatever its holder is doing. */
  | { kind: 'time' }
  /** Something happens to the store: a key is dropped for want of memory, or all are; another store takes over; pushes are lost for a while. */
  | { kind: 'evict' | 'flush' | 'failover' | 'deafness' }
)

/** What one command of the store meets: an answer, soon or late; none, though it is done, later; none, and it never is. */
export type Fate = 'answered' | 'answered late' | 'done late' | 'lost'

/** A run: who does what, what becomes of commands, which loads fail, after which writes the replica of the store is up to date. */
export type Plan = {
  actors: Actor[]
  fates: Fate[]
  failing: boolean[]
  replicating: boolean[]
  relayIdles: number
}

export const clients = [0, 1]
const client = fc.constantFrom(...clients)

/** Once in so many times. */
const oneOf = <Value>(times: number, often: Value, seldom: Value) =>
  fc.oneof(
    { weight: times - 1, arbitrary: fc.constant(often) },
    { weight: 1, arbitrary: fc.constant(seldom) },
  )

const reader = (idle: fc.Arbitrary<number>, most: number) =>
  fc.record({
    idle,
    kind: fc.constant('read' as const),
    client,
    times: fc.integer({ min: 1, max: most }),
    knowing: fc.boolean(),
    many: oneOf(4, false, true),
  })
const writer = (idle: fc.Arbitrary<number>, by: By[]) =>
  fc.record({
    idle,
    kind: fc.constant('write' as const),
    client,
    by: fc.constantFrom(...by),
    ends: fc.constantFrom(
      'commit' as const,
      'commit' as const,
      'rollback' as const,
      'crash after commit' as const,
    ),
  })

/** Which actors there are besides readers and writers. */
type Others = 'time' | 'evict' | 'flush' | 'failover' | 'deafness'

/** What plans are about. */
export type PlanOptions = {
  by: By[]
  others: Others[]
  /** How long actors wait at most before they begin: without it nearly everybody would before the first load is under way. Default 15. */
  mostIdle?: number
  /** How often readers read at most. Default 3. */
  mostReads?: number
}

/** Plans of two processes and some readers and writers of one key. Writers invalidate it by itself, by a tag of it, or with all there is. */
export function plansOf({ by, others, mostIdle = 15, mostReads = 3 }: PlanOptions): fc.Arbitrary<Plan> {
  const idle = fc.integer({ min: 0, max: mostIdle })
  return fc.record({
    actors: fc.array(
      fc.oneof(
        { weight: 6, arbitrary: reader(idle, mostReads) },
        { weight: 3, arbitrary: writer(idle, by) },
        ...others.map((kind) => ({
          weight: 1,
          arbitrary: fc.record({ idle, kind: fc.constant(kind) }) as fc.Arbitrary<Actor>,
        })),
      ),
      { minLength: 4, maxLength: 12 },
    ),
    fates: fc.array(
      fc.oneof(
        { weight: 15, arbitrary: fc.constant('answered' as const) },
        { weight: 3, arbitrary: fc.constant('answered late' as const) },
        { weight: 1, arbitrary: fc.constant('done late' as const) },
        { weight: 1, arbitrary: fc.constant('lost' as const) },
      ),
      { minLength: 1, maxLength: 12 },
    ),
    failing: fc.array(oneOf(5, false, true), { minLength: 1, maxLength: 6 }),
    replicating: fc.array(fc.boolean(), { minLength: 1, maxLength: 8 }),
    relayIdles: fc.integer({ min: 1, max: 200 }),
  })
}
