import {
  createAuthenticator,
  createKeySet,
  createRevocationList,
  createTokenValidator,
  type RevocationFeed,
} from '@alicerce/access-tokens'
import type { Authenticate, Clock, Log } from '@alicerce/service-kit'
import type { JWK } from 'jose'
import type { AuthServerConfig } from '#src/config.ts'
import { publicPart } from '#src/provider/issued-tokens.ts'

/** Checks the access tokens of the account API. */
export type Access = { authenticate: Authenticate; start(): Promise<void>; close(): Promise<void> }

/** The account API is a resource server like any other, except that it need not fetch the keys: they are its own. */
export function createAccess({
  config,
  feed,
  clock,
  log,
  keys,
}: {
  config: AuthServerConfig
  feed: RevocationFeed
  clock: Clock
  log: Log
  /** The keys of the moment. */
  keys(): readonly JWK[]
}): Access {
  const keySet = createKeySet({
    url: `${config.ISSUER_URL}/jwks`,
    fetch: async () => Response.json({ keys: keys().map(publicPart) }),
    clock,
    log,
    // They are here: nobody else waits while they are looked at.
    cooldownMilliseconds: 0,
  })
  const validator = createTokenValidator({
    issuer: config.ISSUER_URL,
    audience: config.API_AUDIENCE,
    keySet,
    clock,
  })
  const list = createRevocationList({ feed, clock })
  const authenticator = createAuthenticator({ validator, revocations: list })
  return {
    authenticate: (authorization: Parameters<typeof authenticator.authenticate>[0]) =>
      authenticator.authenticate(authorization),
    async start() {
      await Promise.all([keySet.start(), list.start()])
    },
    async close() {
      keySet.close()
      await list.close()
    },
  }
}
