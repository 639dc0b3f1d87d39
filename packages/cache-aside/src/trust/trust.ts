import type { StoreWatch } from '../store/cache-store.ts'

/**
 * Whether what the levels hold may be answered: only as long as it is known that every invalidation has reached them that was committed
 * longer ago than the bound. Nothing here asks anybody; times are `performance.now()`, which no clock that is set moves, and which runs on
 * while this process is stopped.
 */
export type Trust = {
  /** Of the second level, for a read that begins now. */
  holds(): boolean
  /** Of the first level and of marks at hand: these know only what a push has told them. */
  holdsFirstLevel(): boolean
  /** Of what replicas of the second level say. */
  holdsForReplicas(): boolean
  /** How long ago that was committed of which it is certain, milliseconds; `Infinity`: nothing is. */
  age(): number
}

/** What a cache trusts that nobody's transactions invalidate: there is nothing that could be lost. */
export const unconditionalTrust: Trust = {
  holds: () => true,
  holdsFirstLevel: () => true,
  holdsForReplicas: () => false, // how far they are behind is read with the watermark only
  age: () => 0,
}

/** Everything committed before `coveredUntil` has reached the second level, and had when this became known. */
export type Certainty = {
  coveredUntil: number
  /** Of the store; another one may be another store. */
  connection: number
}

/** Keeps what is certain. A certainty counts for the first level after a barrier behind it. */
export function createTrust(options: {
  /** How old the newest certainty may be, milliseconds. */
  bound: number
  connection: () => number
  watch: Pick<StoreWatch, 'barrier'>
  now?: () => number
}) {
  const { bound, connection, watch, now = () => performance.now() } = options
  let second: Certainty | undefined
  let first: Certainty | undefined
  let replicas: Certainty | undefined

  const isGood = (certainty: Certainty | undefined): boolean =>
    certainty !== undefined &&
    certainty.connection === connection() &&
    now() - certainty.coveredUntil <= bound

  async function confirm(certainty: Certainty): Promise<void> {
    await watch.barrier()
    first = better(first, certainty)
  }

  return {
    holds: () => isGood(second),
    holdsFirstLevel: () => isGood(first),
    holdsForReplicas: () => isGood(replicas),
    age: () => (isGood(second) ? now() - (second as Certainty).coveredUntil : Number.POSITIVE_INFINITY),
    /** Resolves when it counts for the first level too; never rejects. */
    learn(certainty: Certainty): Promise<void> {
      second = better(second, certainty)
      return confirm(certainty).catch(() => {}) // the watch was lost: a later one will be confirmed
    },
    /** They may be other replicas than before, so what was certain of those says nothing. */
    learnOfReplicas(certainty: Certainty | undefined): void {
      replicas = certainty
    },
  } satisfies Trust & { learnOfReplicas(certainty: Certainty | undefined): void } & {
    learn(certainty: Certainty): Promise<void>
  }
}

/** What was certain stays so while the connection does, however long something has waited since. */
const better = (known: Certainty | undefined, learned: Certainty): Certainty =>
  known?.connection === learned.connection && known.coveredUntil > learned.coveredUntil ? known : learned
