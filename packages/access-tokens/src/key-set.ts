import type { JsonWebKey } from 'node:crypto'
import type { Clock, Fetch, Log } from './ports.ts'
import { importKey, type VerificationKey } from './verification-key.ts'

/** The issuer's public keys, kept fresh. */
export type KeySet = {
  /** Fetches the keys, and again and again from then on. Resolves after the first attempt, also when that failed. */
  start(): Promise<void>
  /** Whether any keys are there. Without them no token can be checked. */
  isReady(): boolean
  /** For how long the issuer has not been heard; infinite where it never was. */
  ageMilliseconds(): number
  /** The key of this id among those known now. */
  find(kid: string): VerificationKey | undefined
  /** The same after asking the issuer once more, unless it was asked a moment ago. Concurrent callers share one request. */
  findFresh(kid: string): Promise<VerificationKey | undefined>
  close(): void
}

/** Where the keys are, and how often to ask. Times in milliseconds. */
export type KeySetOptions = {
  /** URL of the issuer's JWK set. */
  url: string
  /** Default: the global `fetch`. */
  fetch?: Fetch
  /** Default: the system's clock. */
  clock?: Clock
  log: Log
  /** How often keys are fetched again. A withdrawn key works for so long at most. Default 5 minutes. */
  refreshMilliseconds?: number
  /** Unknown key ids cause at most one request in this time. Default 30 s. */
  cooldownMilliseconds?: number
  /** How soon to ask again while there are no keys at all. Default 1 s. */
  retryMilliseconds?: number
}

const timeoutMilliseconds = 5000
const largestBody = 262_144

/** Holds the key set of one issuer. Old keys stay while the issuer cannot be reached. */
export function createKeySet({
  url,
  fetch = globalThis.fetch,
  clock = Date,
  log,
  refreshMilliseconds = 300_000,
  cooldownMilliseconds = 30_000,
  retryMilliseconds = 1000,
}: KeySetOptions): KeySet {
  let keys = new Map<string, HeldKey>()
  let pending: Promise<void> | undefined
  let fetchedAt = Number.NEGATIVE_INFINITY
  let askedAt = Number.NEGATIVE_INFINITY
  let timer: NodeJS.Timeout | undefined
  let closed = false

  async function refresh(): Promise<void> {
    try {
      keys = importKeys(await fetchKeys(url, fetch), keys)
      fetchedAt = clock.now()
    } catch (error) {
      log.warn({ error, url, keys: keys.size }, 'The key set of the issuer could not be fetched')
    }
  }

  /** Single flight: whoever asks during a request gets its outcome. */
  function refreshOnce(): Promise<void> {
    pending ??= refresh().finally(() => {
      pending = undefined
      schedule()
    })
    return pending
  }

  function schedule(): void {
    clearTimeout(timer)
    if (closed || timer === undefined) return
    timer = setTimeout(refreshOnce, keys.size > 0 ? refreshMilliseconds : retryMilliseconds).unref()
  }

  return {
    start() {
      timer = setTimeout(() => {}, 0).unref()
      return refreshOnce()
    },
    isReady: () => keys.size > 0,
    ageMilliseconds: () => clock.now() - fetchedAt,
    find: (kid) => keys.get(kid)?.key,
    async findFresh(kid) {
      if (pending) await pending
      else if (clock.now() - askedAt >= cooldownMilliseconds) {
        askedAt = clock.now()
        await refreshOnce()
      }
      return keys.get(kid)?.key
    },
    close() {
      closed = true
      clearTimeout(timer)
    },
  }
}

type HeldKey = { key: VerificationKey; source: string }

/** An unchanged key stays the same object, so that what was verified with it is still known to be. */
function importKeys(jwks: JsonWebKey[], before: Map<string, HeldKey>): Map<string, HeldKey> {
  const held = new Map<string, HeldKey>()
  for (const jwk of jwks) {
    const source = JSON.stringify(jwk)
    const known = before.get(String((jwk as { kid?: unknown }).kid))
    const key = known?.source === source ? known.key : importKey(jwk)
    if (key && !held.has(key.kid)) held.set(key.kid, { key, source })
  }
  if (held.size === 0) throw new Error('The key set holds no key that could verify a token')
  return held
}

async function fetchKeys(url: string, fetch: Fetch): Promise<JsonWebKey[]> {
  const signal = AbortSignal.timeout(timeoutMilliseconds)
  const response = await fetch(url, { signal, redirect: 'error', headers: { accept: 'application/json' } })
  if (response.status !== 200) throw new Error(`The key set was answered with status ${response.status}`)
  const text = await response.text()
  if (text.length > largestBody) throw new Error('The key set is too large')
  const { keys } = JSON.parse(text) as { keys?: unknown }
  if (!Array.isArray(keys)) throw new Error('The answer is not a key set')
  return keys.filter((key) => typeof key === 'object' && key !== null)
}
