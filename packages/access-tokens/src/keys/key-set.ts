import { createPublicKey, type JsonWebKey, type KeyObject } from 'node:crypto'
import { AccessTokenError } from '#src/errors.ts'
import type { Clock, Log } from '#src/ports.ts'
import { algorithmOf, type SigningAlgorithm } from './signing-algorithms.ts'

/** A key that the issuer publishes. */
export type PublishedKey = { readonly key: KeyObject; readonly algorithm: SigningAlgorithm }

/** The issuer's published keys, fetched and kept fresh (RS-06). */
export type KeySet = {
  /** The key now, if it is known and fresh; undefined means: ask `find`. */
  peek(keyId: string): PublishedKey | undefined
  /** Fetches where that may help. @throws {AccessTokenError} `keys-unavailable` while no keys were ever fetched */
  find(keyId: string): Promise<PublishedKey | undefined>
  /** Counts fetches that brought other keys: what was verified before may have been by a key that is gone. */
  readonly generation: number
  /** Resolves while keys are at hand; fetches them at first. For readiness. */
  ready(): Promise<void>
}

const refreshMilliseconds = 10 * 60_000
const unknownKeyMilliseconds = 30_000
const fetchMilliseconds = 5_000

export function createKeySet(options: {
  /** The issuer's `jwks_uri`, as reached from here. */
  url: string
  fetch?: typeof fetch
  clock?: Clock
  log: Log
}): KeySet {
  const { url, clock = Date, log } = options
  const fetchDocument = options.fetch ?? fetch
  let keys = new Map<string, PublishedKey>()
  let fingerprint = ''
  let generation = 0
  let fetchedAt = Number.NEGATIVE_INFINITY
  let attemptedAt = Number.NEGATIVE_INFINITY
  let pending: Promise<void> | undefined

  const isFresh = () => clock.now() - fetchedAt < refreshMilliseconds

  function refresh(): Promise<void> {
    attemptedAt = clock.now()
    pending ??= load().finally(() => {
      pending = undefined
    })
    return pending
  }

  async function load(): Promise<void> {
    try {
      const response = await fetchDocument(url, {
        redirect: 'error',
        signal: AbortSignal.timeout(fetchMilliseconds),
      })
      if (!response.ok) throw new Error(`status ${response.status}`)
      const text = await response.text()
      const next = readKeys(JSON.parse(text))
      if (next.size === 0) throw new Error('no usable key in it')
      keys = next
      fetchedAt = clock.now()
      if (text !== fingerprint) generation++
      fingerprint = text
    } catch (error) {
      // Keys that we have go on working: an auth server that is down must not take the API down with it.
      log.warn({ url, error }, 'The key set could not be fetched')
    }
  }

  return {
    get generation() {
      return generation
    },
    peek: (keyId) => (isFresh() ? keys.get(keyId) : undefined),
    async find(keyId) {
      const known = keys.get(keyId)
      if (known && !isFresh()) void refreshSometimes() // served from what we have, renewed beside it
      if (known) return known
      await refreshSometimes()
      if (keys.size === 0) throw unavailable()
      return keys.get(keyId)
    },
    async ready() {
      if (keys.size === 0) await refreshSometimes()
      if (keys.size === 0) throw unavailable()
    },
  }

  /** Made-up key ids must not become a flood at the issuer; while we have no keys at all, each second is worth a try. */
  function refreshSometimes(): Promise<void> | undefined {
    const pause = keys.size === 0 ? 1000 : unknownKeyMilliseconds
    if (pending) return pending
    return clock.now() - attemptedAt >= pause ? refresh() : undefined
  }
}

function readKeys(document: { keys?: (JsonWebKey & { kid?: string; use?: string; alg?: string })[] }) {
  const keys = new Map<string, PublishedKey>()
  for (const jwk of document.keys ?? []) {
    if (!jwk.kid || (jwk.use !== undefined && jwk.use !== 'sig') || (jwk.kty !== 'EC' && jwk.kty !== 'RSA'))
      continue
    const key = createPublicKey({ key: jwk, format: 'jwk' })
    const algorithm = algorithmOf(key)
    if (algorithm && (jwk.alg === undefined || jwk.alg === algorithm)) keys.set(jwk.kid, { key, algorithm })
  }
  return keys
}

const unavailable = () =>
  new AccessTokenError(
    'keys-unavailable',
    'The key set of the issuer could not be fetched yet, so no token can be checked.',
  )
