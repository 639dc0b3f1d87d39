import type { JsonWebKey } from 'node:crypto'
import {
  type Authenticator,
  createAuthenticator,
  createKeySet,
  createRevocationList,
  createTokenValidator,
  type KeySetOptions,
  type RevocationFeed,
} from '@alicerce/access-tokens'
import type { Clock } from '#src/clock.ts'
import type { Readiness } from '#src/http/admin-server.ts'
import type { Log } from '#src/log.ts'

/** Who may come in: access tokens, checked by the keys and the revocations of the auth server. */
export type Access = Authenticator & {
  /** Ready once the keys of the issuer are known. */
  readonly readiness: Readiness
  close(): Promise<void>
}

/** What access is made of. */
export type AccessOptions = {
  /** The variables of `resourceServerVariables`. */
  config: { ISSUER_URL: string; AUTH_INTERNAL_URL?: string | undefined; API_AUDIENCE: string }
  revocationFeed: RevocationFeed
  log: Log
  clock: Clock
  /** The public keys of the moment, where the issuer itself asks. Default: they are fetched from the issuer. */
  ownKeys?: () => readonly JsonWebKey[]
}

/**
 * Follows the keys and the revocations of the auth server. Every service checks access tokens, although the gateway has checked them:
 * whoever reaches its port must have one. Resolves when both are known, or when they cannot be fetched yet.
 */
export async function createAccess(options: AccessOptions): Promise<Access> {
  const { config, revocationFeed, log, clock, ownKeys } = options
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
  await Promise.all([keySet.start(), revocations.start()])
  return {
    ...createAuthenticator({ validator, revocations }),
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

/** They are here: nobody else waits while they are looked at. */
const ownKeySource = (
  keys: () => readonly JsonWebKey[],
): Pick<KeySetOptions, 'fetch' | 'cooldownMilliseconds'> => ({
  fetch: async () => Response.json({ keys: keys() }),
  cooldownMilliseconds: 0,
})
