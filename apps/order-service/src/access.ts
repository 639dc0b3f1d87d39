import {
  createAuthenticator,
  createKeySet,
  createRevocationList,
  createTokenValidator,
  type RevocationFeed,
} from '@alicerce/access-tokens'
import type { Authenticate, Clock, Log } from '@alicerce/service-kit'

/** Who may come in. */
export type Access = { authenticate: Authenticate; isReady(): boolean; close(): Promise<void> }

/**
 * Follows the keys and the revocations of the auth server. Access tokens are checked here although the gateway has checked them:
 * whoever reaches this port must have one.
 */
export async function createAccess(parts: {
  config: { ISSUER_URL: string; AUTH_INTERNAL_URL?: string | undefined; API_AUDIENCE: string }
  revocationFeed: RevocationFeed
  log: Log
  clock: Clock
}): Promise<Access> {
  const { config, revocationFeed, log, clock } = parts
  const url = `${config.AUTH_INTERNAL_URL ?? config.ISSUER_URL}/jwks`
  const keySet = createKeySet({ url, clock, log })
  const validator = createTokenValidator({
    issuer: config.ISSUER_URL,
    audience: config.API_AUDIENCE,
    keySet,
    clock,
  })
  const revocations = createRevocationList({ feed: revocationFeed, clock })
  const authenticator = createAuthenticator({ validator, revocations })
  await Promise.all([keySet.start(), revocations.start()])
  return {
    authenticate: (authorization) => authenticator.authenticate(authorization),
    isReady: () => keySet.isReady(),
    async close() {
      keySet.close()
      await revocations.close()
    },
  }
}
