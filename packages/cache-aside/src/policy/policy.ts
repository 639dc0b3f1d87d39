/** How long values of a class live, and what is answered while a fresh one is not to be had. All times in milliseconds. */
export type PolicyOptions = {
  /** How long a value is fresh, more or less `jitter`. */
  ttl: number
  /** How long it is remembered that there is no value. Default 15 000. */
  negativeTtl?: number
  /** Part of the time to live by which it varies, so that what was stored together does not expire together. Default 0.1. */
  jitter?: number
  /** How long after `ttl` a value is still answered at once, while one reader in all processes loads it anew. Default 0. */
  staleWhileRevalidate?: number
  /**
   * How long after `ttl` a value is kept for trouble: it is answered, and reported with its age, if the loader fails, hangs, or must wait
   * too long for its turn. An invalidation takes it away as any other value. Default 0: trouble is told to the reader.
   */
  failSafe?: number
  /** A reader for whom a value is kept for trouble waits for the loader so long; the load goes on. Default: `loadTimeout`. */
  softLoadTimeout?: number
  /** After it the loader's signal aborts and the read fails with `load-timeout`. Default 2000. */
  loadTimeout?: number
  /**
   * How many loads of the class go on at once in this process, whatever they are for: what its source bears when nothing is in the cache, or
   * the cache is away. One call of `loadMany` is one load. Default 8: fewer than the ten connections that a pool has as a rule, so that one
   * class cannot take them all. A loader that reads its own class through the cache needs a second turn while it has one.
   */
  maximumLoads?: number
  /** How many more may wait for their turn; one more is `overloaded`, or answered with what is kept for trouble. Default 256. */
  loadQueue?: number
  /** A load waits no longer for its turn, which counts towards `loadTimeout`. Default 1000, at most `loadTimeout`. */
  loadQueueTimeout?: number
  /**
   * How eagerly a value in use is loaded anew before its time is over, by one reader in all processes: β of XFetch (Vattani et al., VLDB
   * 2015), by which the chance grows towards the end, and sooner where loads take long. Default 1; 0: never.
   */
  earlyRefresh?: number
  /**
   * Values whose JSON is longer, in bytes, are packed in the store. Default 64 KiB: what is shorter costs a reader several times as much CPU time to
   * unpack as to read, and saves half a millisecond of a gigabit per second at most. `Infinity`: never.
   */
  compressAbove?: number
  /**
   * Values whose JSON is longer, in bytes, are answered and not stored: sending and reading them would hold up everybody else. Default 1 MiB,
   * at most 256 MiB.
   */
  maximumBytes?: number
  /**
   * Whether even the moment is too long for which an invalidation by another process is on its way to this one (3 seconds at most, where
   * the link is half open). Then every read asks the store. Default `false`.
   */
  strict?: boolean
  /**
   * What becomes of a read while it is not certain that no invalidation is late. `load`: it goes around the cache, to the source. `serve`:
   * it is answered all the same, and reported as degraded; for what people would rather see old than not at all. Default `load`.
   */
  untrusted?: 'load' | 'serve'
}

/** What a class is besides. */
export type ClassTraits = {
  /** In which form this process keeps its values (key/keys.ts). */
  form: string
  version: ((value: unknown) => number) | undefined
  /** Whether reads ask replicas of the store first. */
  fromReplicas: boolean
  /** Tags that are known by the value only, and where the mark of a tag stands. */
  valueTags: ((value: unknown) => readonly string[]) | undefined
  tagKeyOf: (tag: string) => string
  /** In a class with versions: how far a source that `load` may read is behind the commits at most, milliseconds. */
  longestLag: number
}

/** The policy of one class, complete. */
export type Policy = Readonly<Required<PolicyOptions> & ClassTraits & { name: string }>

/** @throws TypeError for senseless options */
export function policyOf(name: string, options: PolicyOptions, traits: Partial<ClassTraits> = {}): Policy {
  const { form = name, version, valueTags, tagKeyOf = String } = traits
  const { longestLag = 10_000, fromReplicas = false } = traits
  const { ttl, negativeTtl = 15_000, jitter = 0.1, staleWhileRevalidate = 0, failSafe = 0 } = options
  const { loadTimeout = 2000, earlyRefresh = 1, strict = false, untrusted = 'load' } = options
  const { softLoadTimeout = loadTimeout, maximumLoads = 8, loadQueue = 256 } = options
  const { compressAbove = 64 * 1024, maximumBytes = 2 ** 20 } = options
  const { loadQueueTimeout = Math.min(1000, loadTimeout) } = options
  const refuse = (option: string, rule: string): never => {
    throw new TypeError(`"${option}" of the cache class "${name}" must be ${rule}.`)
  }
  for (const [option, value] of Object.entries({
    ttl,
    negativeTtl,
    loadTimeout,
    softLoadTimeout,
    loadQueueTimeout,
  })) {
    if (!(Number.isFinite(value) && value >= 1)) refuse(option, 'at least 1 millisecond')
  }
  for (const [option, value] of Object.entries({ staleWhileRevalidate, failSafe, earlyRefresh })) {
    if (!(Number.isFinite(value) && value >= 0)) refuse(option, 'at least 0')
  }
  if (!(maximumLoads >= 1)) refuse('maximumLoads', 'at least 1')
  if (!(loadQueue >= 0)) refuse('loadQueue', 'at least 0')
  if (!(compressAbove >= 0)) refuse('compressAbove', 'at least 0')
  if (!(maximumBytes >= 1 && maximumBytes <= 2 ** 28)) refuse('maximumBytes', 'from 1 byte to 256 MiB')
  if (!(jitter >= 0 && jitter < 1)) refuse('jitter', 'from 0 to below 1')
  if (fromReplicas && !version) refuse('fromReplicas', 'left out where there is no `version`')
  if (fromReplicas && strict) refuse('fromReplicas', 'left out where reads are `strict`')
  return {
    ...{ name, form, version, valueTags, tagKeyOf, longestLag, fromReplicas },
    ...{ ttl, negativeTtl, jitter, staleWhileRevalidate, failSafe },
    ...{ softLoadTimeout, loadTimeout, maximumLoads, loadQueue, loadQueueTimeout },
    ...{ compressAbove, maximumBytes, earlyRefresh, strict, untrusted },
  }
}

/** How long a value that was just loaded is fresh, with its jitter. `random`: from 0 to below 1. */
export function freshFor({ ttl, negativeTtl, jitter }: Policy, value: unknown, random: number): number {
  return (value === undefined ? negativeTtl : ttl) * (1 + jitter * (2 * random - 1))
}

/** How long it is kept after that. That there was no value is nothing to fall back on. */
export function keptFor({ staleWhileRevalidate, failSafe }: Policy, value: unknown): number {
  return value === undefined ? 0 : Math.max(staleWhileRevalidate, failSafe)
}

/** Nothing of the class is kept longer. */
export const longestLife = (of: Policy): number =>
  Math.max(of.ttl, of.negativeTtl) * (1 + of.jitter) + Math.max(of.staleWhileRevalidate, of.failSafe)

/** @throws TypeError for what is no version */
export function versionIn({ name, version }: Policy, value: unknown): number {
  if (!version || value === undefined) return 0
  const found = version(value)
  if (Number.isSafeInteger(found) && found >= 0) return found
  throw new TypeError(`A version in the cache class "${name}" must be a whole number from 0.`)
}
