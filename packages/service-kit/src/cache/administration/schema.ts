import { type Static, Type } from 'typebox'

const count = Type.Integer({ minimum: 0 })
const milliseconds = Type.Number({ minimum: 0 })
const nullable = <Schema extends Parameters<typeof Type.Union>[0][number]>(schema: Schema) =>
  Type.Union([schema, Type.Null()])
const closed = { additionalProperties: false }

/** What one process of the service says of the cache. */
export type CacheProcess = Static<typeof CacheProcessSchema>
export const CacheProcessSchema = Type.Object(
  {
    name: Type.String({ description: 'Host and number of the process' }),
    startedAt: Type.String({ format: 'date-time' }),
    silentMilliseconds: Type.Number({ description: 'Since it was heard of last' }),
    trusted: Type.Boolean({ description: 'Whether its answers are certain to keep the bound on staleness' }),
    stalenessMilliseconds: nullable(
      Type.Number({ description: 'How old at most what is missing in an answer is; null: nobody knows' }),
    ),
    breaker: Type.Enum(['closed', 'half-open', 'open'], { title: 'CacheBreaker', type: 'string' }),
    firstLevel: Type.Object({ live: Type.Boolean(), entries: count, bytes: count, resets: count }, closed),
  },
  { title: 'CacheProcess', ...closed },
)

/** What all processes together have counted of one class since they began. */
export type CacheClassView = Static<typeof CacheClassSchema>
export const CacheClassSchema = Type.Object(
  {
    name: Type.String(),
    reads: Type.Object({ l1: count, joined: count, redis: count, database: count }, closed),
    bypasses: Type.Integer({ description: 'Reads that went around the cache', minimum: 0 }),
    failSafeServed: Type.Integer({ description: 'Answered past its time, since loads failed', minimum: 0 }),
    loads: Type.Object({ succeeded: count, failed: count, refused: count, milliseconds }, closed),
    waits: Type.Object(
      { answered: count, gaveUp: count, milliseconds },
      {
        ...closed,
        description: 'For the lease of another process',
      },
    ),
    loading: count,
    waiting: count,
  },
  { title: 'CacheClass', ...closed },
)

/** The cache of a service as administrators see it. */
export type CacheView = Static<typeof CacheViewSchema>
export const CacheViewSchema = Type.Object(
  {
    at: Type.String({ format: 'date-time' }),
    namespace: Type.String(),
    stalenessBoundMilliseconds: Type.Integer(),
    outboxAgeMilliseconds: nullable(
      Type.Number({
        description: 'How long the oldest invalidation waits; null: the outbox does not answer',
      }),
    ),
    evictedKeys: nullable(Type.Integer({ description: 'Dropped by the store for want of memory' })),
    invalidations: Type.Object({ atOnce: count, byRelay: count, outside: count, failed: count }, closed),
    processes: Type.Array(CacheProcessSchema),
    classes: Type.Array(CacheClassSchema),
    hottest: Type.Array(
      Type.Object({ class: Type.String(), key: Type.String(), reads: count }, { title: 'HotKey', ...closed }),
      { description: 'The keys that were read most in the last one to two minutes' },
    ),
  },
  { title: 'CacheView', ...closed },
)

const classAndKey = {
  class: Type.String({ minLength: 1, maxLength: 64 }),
  key: Type.String({ minLength: 1, maxLength: 500 }),
}
/** One key of a class. Keys may be personal: they stand in bodies, which nobody logs. */
export const CacheKeySchema = Type.Object(classAndKey, { title: 'CacheKey', ...closed })
/** All that has a tag. */
export const CacheTagSchema = Type.Object(
  { tag: Type.String({ minLength: 1, maxLength: 200 }) },
  { title: 'CacheTag', ...closed },
)
/** What is to be void: one key, or all that has a tag. */
export type Voided = Static<typeof CacheKeySchema> | Static<typeof CacheTagSchema>

/** Who made what void. */
export type CacheInvalidation = Static<typeof CacheInvalidationSchema>
export const CacheInvalidationSchema = Type.Object(
  {
    id: Type.String(),
    at: Type.String({ format: 'date-time' }),
    actorId: Type.String(),
    class: nullable(Type.String()),
    key: nullable(Type.String()),
    tag: nullable(Type.String()),
  },
  { title: 'CacheInvalidation', ...closed },
)

const entry = {
  age: Type.Optional(Type.Number({ description: 'Milliseconds since it was loaded' })),
  freshFor: Type.Optional(Type.Number({ description: 'Milliseconds; below 0 it is past its time' })),
  version: Type.Optional(Type.Integer()),
  bytes: Type.Optional(Type.Integer()),
  isNothing: Type.Optional(Type.Boolean({ description: 'That there is no such thing is remembered' })),
}
/** How one key stands, and why; never its value. */
export type CacheExplanation = Static<typeof CacheExplanationSchema>
export const CacheExplanationSchema = Type.Object(
  {
    class: Type.String(),
    key: Type.String(),
    firstLevel: Type.Object(
      { state: Type.String(), ...entry },
      { description: 'In the memory of the process that answers', title: 'CacheEntry', ...closed },
    ),
    store: Type.Object(
      { state: Type.String(), ...entry },
      { description: 'In Redis', title: 'CacheStoreEntry', ...closed },
    ),
    refreshing: Type.Boolean(),
    tags: nullable(Type.Array(Type.Object({ name: Type.String(), stands: Type.Boolean() }, closed))),
    wouldLoad: Type.String(),
  },
  { title: 'CacheExplanation', ...closed },
)
