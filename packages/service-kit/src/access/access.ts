import type { JsonWebKey } from 'node:crypto'
import {
  type Authenticator,
  createAuthenticator,
  createKeySet,
  createRevocationList,
  createTokenValidator,
  type KeySet,
  type KeySetOptions,
  type RevocationFeed,
  type TokenMemory,
  type TokenValidator,
} from '@alicerce/access-tokens'
import { Counter, Gauge } from 'prom-client'
import type { Backplane } from '#src/backplane.ts'
import type { Clock } from '#src/clock.ts'
import type { Readiness } from '#src/http/admin-server.ts'
import type { Log } from '#src/log.ts'
import type { Telemetry } from '#src/telemetry/telemetry.ts'

/** Who may come in: access tokens, checked by the keys and the revocations of the auth server. */
export type Access = Authenticator & {
  /** Ready once the keys of the issuer are known. */
  readonly readiness: Readiness
  /** Whether they are, now. */
  hasKeys(): boolean
  close(): Promise<void>
}

/** What access is made of. */
export type AccessOptions = {
  /** The variables of `resourceServerVariables`. */
  config: { ISSUER_URL: string; AUTH_INTERNAL_URL?: string | undefined; API_AUDIENCE: string }
  /** Of the app. */
  name: string
  /** The public URL that the targets of this app's requests are below. */
  baseUrl: string
  backplane: Pick<Backplane, 'revocations' | 'usedProofs'>
  log: Log
  clock: Clock
  /** Shows how long nothing has been heard of revocations. */
  telemetry: Telemetry
  /** The public keys of the moment, where the issuer itself asks. Default: they are fetched from the issuer. */
  ownKeys?: () => readonly JsonWebKey[]
}

/**
 * Follows the keys and the revocations of the auth server. Every service checks access tokens, although the gateway has checked them:
 * whoever reaches its port must have one. Resolves when both are known, or when they cannot be fetched yet.
 */
export async function createAccess(options: AccessOptions): Promise<Access> {
  const { config, name, baseUrl, backplane, log, clock, telemetry, ownKeys } = options
  const { revocations: revocationFeed, usedProofs } = backplane
  const keySet = createKeySet({
    url: `${config.AUTH_INTERNAL_URL ?? config.ISSUER_URL}/jwks`,
    clock,
    log,
    ...(ownKeys && ownKeySource(ownKeys)),
  })
  const validator = createTokenValidator({
    issuer: config.ISSUER_URL,
    audience: config.API_AUDIENCE,
    keySet,
    clock,
  })
  const revocations = createRevocationList({ feed: revocationFeed, clock })
  measureSilence(telemetry, revocationFeed)
  measureKeys(telemetry, keySet)
  measureTokens(telemetry, validator)
  await Promise.all([keySet.start(), revocations.start()])
  return {
    ...createAuthenticator({ validator, revocations, usedProofs, name, baseUrl, clock }),
    hasKeys: () => keySet.isReady(),
    readiness: {
      async 'issuer keys'() {
        if (!keySet.isReady()) throw new Error('The keys of the issuer could not be fetched yet')
      },
    },
    async close() {
      keySet.close()
      await revocations.close()
    },
  }
}

/** Nothing else tells that sign-outs are not heard: requests that read go on. */
function measureSilence({ registry }: Telemetry, feed: RevocationFeed): void {
  new Gauge({
    name: 'revocation_feed_silent_seconds',
    help: 'For how long revocations may have been missed; above ten, requests that change something are refused',
    registers: [registry],
    collect() {
      this.set(feed.silentMilliseconds() / 1000)
    },
  })
}

/** Tokens go on to be checked by keys that may have been withdrawn. */
function measureKeys({ registry }: Telemetry, keySet: KeySet): void {
  new Gauge({
    name: 'issuer_keys_age_seconds',
    help: 'For how long the keys of the issuer could not be fetched; they are asked for every five minutes',
    registers: [registry],
    collect() {
      this.set(keySet.ageMilliseconds() / 1000)
    },
  })
}

/** Whoever sends more different tokens than are remembered makes each request pay for a signature. */
function measureTokens({ registry }: Telemetry, { memory }: Pick<TokenValidator, 'memory'>): void {
  function count(name: string, help: string, read: (memory: TokenMemory) => number): void {
    new Counter({
      ...{ name, help, registers: [registry] },
      collect() {
        this.reset()
        this.inc(read(memory()))
      },
    })
  }
  count('access_token_cache_hits_total', 'Access tokens that were remembered', ({ hits }) => hits)
  count('access_token_cache_misses_total', 'Access tokens that had to be verified', ({ misses }) => misses)
  count(
    'access_token_cache_evictions_total',
    'Verified access tokens that were forgotten for want of room',
    ({ evictions }) => evictions,
  )
  new Gauge({
    ...{ name: 'access_token_cache_entries', help: 'Verified access tokens that are remembered' },
    registers: [registry],
    collect() {
      this.set(memory().size)
    },
  })
}

/** They are here: nobody else waits while they are looked at. */
const ownKeySource = (
  keys: () => readonly JsonWebKey[],
): Pick<KeySetOptions, 'fetch' | 'cooldownMilliseconds'> => ({
  fetch: async () => Response.json({ keys: keys() }),
  cooldownMilliseconds: 0,
})
