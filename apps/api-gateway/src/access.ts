import {
  type Authenticator,
  createAuthenticator,
  createKeySet,
  createRevocationList,
  createTokenValidator,
  type RevocationFeed,
} from '@alicerce/access-tokens'
import type { Clock, Log } from '@alicerce/service-kit'

/** Who may come in. */
export type Access = { authenticator: Authenticator; isReady(): boolean; close(): Promise<void> }

/** Follows the keys and the revocations of the auth server. */
export async function createAccess(parts: {
  config: { ISSUER_URL: string; AUTH_INTERNAL_URL?: string | undefined; API_AUDIENCE: string }
  revocationFeed: RevocationFeed
  log: Log
  clock: Clock
}): Promise<Access> {
  const { config, revocationFeed, log, clock } = parts
  const keySet = createKeySet({ url: `${config.AUTH_INTERNAL_URL ?? config.ISSUER_URL}/jwks`, clock, log })
  const validator = createTokenValidator({
    issuer: config.ISSUER_URL,
    audience: config.API_AUDIENCE,
    keySet,
    clock,
  })
  const revocations = createRevocationList({ feed: revocationFeed, clock })
  await Promise.all([keySet.start(), revocations.start()])
  return {
    authenticator: createAuthenticator({ validator, revocations }),
    isReady: () => keySet.isReady(),
    async close() {
      keySet.close()
      await revocations.close()
    },
  }
}
