import { type By, plansOf } from './plan.ts'
import type { Conditions, Findings } from './world.ts'

/** Something that is to hold in every order of events. */
export type Statement = {
  name: string
  /** With the ids of the checklist that it is about. */
  claim: string
  conditions: Conditions
  plans: ReturnType<typeof plansOf>
  holds: (findings: Findings) => boolean
  /** Whether it can be explored on Redis too, whose time is not ours. */
  onRedis: boolean
}

const neverStale = ({ stale, stuck }: Findings) => stale === 0 && stuck === 0

const byKey: By[] = ['key']
const byAnything: By[] = ['key', 'tag', 'tag', 'namespace']
const plans = plansOf({ by: byKey, others: ['time'] })
const plansWithTags = plansOf({ by: byAnything, others: ['time'] })
const plansWithLosses = plansOf({ by: byAnything, others: ['time', 'evict', 'flush', 'deafness'] })

/** Time passes: values become due, then past their time, while they are read and written. */
const refreshing: Conditions = {
  pace: 250,
  policy: { ttl: 500, jitter: 0, staleWhileRevalidate: 1000, failSafe: 60_000, softLoadTimeout: 1000 },
}

const statement = (
  name: string,
  claim: string,
  conditions: Conditions,
  rest: Partial<Statement> = {},
): Statement => ({ name, claim, conditions, plans, holds: neverStale, onRedis: true, ...rest })

/** Time must pass between what is committed and what is read, or nothing would be older than the bound. */
const longRuns = { mostIdle: 60, mostReads: 6 }

/** Everything that is explored. */
export const statements = {
  acknowledged: statement(
    'acknowledged',
    'CA-03 CA-12 in no order of events does a read miss what was acknowledged before it began',
    {},
  ),
  'late pushes': statement(
    'late pushes',
    'CA-45 however late pushes come, the first level is right in the end, and at once for who invalidated',
    { latePushes: true },
  ),
  refreshes: statement(
    'refreshes',
    'CA-16 CA-17 nor where values are refreshed, and answered past their time',
    refreshing,
    { onRedis: false },
  ),
  tags: statement(
    'tags',
    'CA-26 CA-30 nor where a tag or the namespace is invalidated',
    { tags: 'of the id' },
    { plans: plansWithTags },
  ),
  'tags and refreshes': statement(
    'tags and refreshes',
    'CA-26 CA-30 nor where tags are invalidated and values are refreshed',
    { tags: 'of the id', ...refreshing },
    { plans: plansWithTags, onRedis: false },
  ),
  'tags and late pushes': statement(
    'tags and late pushes',
    'CA-30 CA-45 however late pushes come, no void entry is answered in the end',
    { tags: 'of the id', latePushes: true },
    { plans: plansWithTags },
  ),
  'tags of the value': statement(
    'tags of the value',
    'CA-26 CA-30 nor where tags are known by the value only',
    { tags: 'of the value' },
    { plans: plansWithTags },
  ),
  'tags of the value and refreshes': statement(
    'tags of the value and refreshes',
    'CA-26 CA-30 nor where such values are refreshed',
    { tags: 'of the value', ...refreshing },
    { plans: plansWithTags, onRedis: false },
  ),
  'tags of the value and late pushes': statement(
    'tags of the value and late pushes',
    'CA-30 CA-45 however late pushes come, no entry whose own tag was invalidated is answered in the end',
    { tags: 'of the value', latePushes: true },
    { plans: plansWithTags },
  ),
  losses: statement(
    'losses',
    'CA-30 nor where the store drops keys, is flushed, or pushes are lost while a link is broken',
    { tags: 'of the id' },
    { plans: plansWithLosses },
  ),
  'losses and late pushes': statement(
    'losses and late pushes',
    'CA-45 P6 nor is the first level wrong in the end where all that happens while pushes are late',
    { tags: 'of the id', latePushes: true },
    { plans: plansWithLosses },
  ),
  'replica of the database': statement(
    'replica of the database',
    'CA-06 CA-41 P5 nor where loads read a replica that is behind, and a reader who knows of a version gets none before it',
    { replica: true },
  ),
  'replica and refreshes': statement(
    'replica and refreshes',
    'CA-06 CA-41 nor where such values are refreshed',
    { replica: true, ...refreshing },
    { onRedis: false },
  ),
  strict: statement(
    'strict',
    'CA-06 nor, in a strict class, while pushes are late',
    { tags: 'of the id', latePushes: true, policy: { strict: true } },
    { plans: plansWithTags },
  ),
  outbox: statement(
    'outbox',
    'CA-35 CA-36 CA-37 CA-38 P2 P3 no read misses what was committed longer ago than the bound, whichever writer crashes and whatever is not delivered',
    { outbox: true, tags: 'of the id', pace: 25 },
    { plans: plansOf({ by: byAnything, others: ['time'], ...longRuns }), onRedis: false },
  ),
  failover: statement(
    'failover',
    'CA-40 P4 nor where another store takes over that never heard of what was acknowledged',
    { outbox: true, tags: 'of the id', pace: 25 },
    { plans: plansOf({ by: byAnything, others: ['failover', 'deafness'], ...longRuns }), onRedis: false },
  ),
} satisfies Record<string, Statement>

export type StatementName = keyof typeof statements
