import type { AccessToken, ClientCredentials, KoaContextWithOIDC } from 'oidc-provider'
import { sessionClaim } from '#src/adapter/sessions.ts'
import type { AccountsOfRequests } from './accounts-of-requests.ts'
import { actorOf } from './token-exchange.ts'

/** The claims of ours in an access token: roles, and what it is revoked and judged by. */
export function createTokenClaims({ accountsOfRequests }: { accountsOfRequests: AccountsOfRequests }) {
  return async (context: KoaContextWithOIDC, token: AccessToken | ClientCredentials) => {
    const { accountId, grantId, sessionUid } = token as Partial<AccessToken>
    const exchanged = actorOf(context)
    if (exchanged) return exchanged
    const account = accountId ? await accountsOfRequests.find(context, accountId) : undefined
    const {
      AuthorizationCode: code,
      RefreshToken: refreshToken,
      DeviceCode: deviceCode,
    } = context.oidc.entities
    const { authTime, acr, amr } = code ?? refreshToken ?? deviceCode ?? {}
    return {
      roles: account?.roles ?? [],
      ...(authTime && { auth_time: authTime }),
      ...(acr && { acr }),
      ...(amr && { amr }),
      ...(grantId && { gid: grantId }),
      ...(sessionUid && { sid: sessionClaim(sessionUid) }),
    }
  }
}
