import type { Context } from 'koa'
import type { Provider } from 'oidc-provider'
import type { Account } from '#src/accounts/account.ts'
import type { Accounts } from '#src/accounts/accounts.ts'
import { sessionClaim } from '#src/adapter/sessions.ts'
import { absoluteSeconds } from '#src/provider/sign-in-policy.ts'
import { twoFactors } from '#src/second-factors/authentication-levels.ts'
import type { SecondFactors } from '#src/second-factors/second-factors.ts'

/** Whoever asks, by the session of the auth server itself. */
export type SignedIn = {
  account: Account
  sessionUid: string
  /** Names the session and opens nothing. */
  sessionId: string
  /** Seconds since 1970. */
  signedInAt: number
  level: string | undefined
}

/** Undefined where nobody is signed in, where the account cannot sign in any more, and where the session is too old to be used. */
export async function signedInOf(
  context: Context,
  { provider, accounts }: { provider: Provider; accounts: Accounts },
): Promise<SignedIn | undefined> {
  const session = await provider.Session.get(context)
  const { accountId, uid, loginTs = 0, acr } = session
  if (!accountId || session.past(absoluteSeconds)) return undefined
  const account = await accounts.find(accountId)
  if (account?.status !== 'active') return undefined
  return { account, sessionUid: uid, sessionId: sessionClaim(uid), signedInAt: loginTs, level: acr }
}

/** Whether somebody has just shown that it is him, by everything that his account has: a browser left open, or a stolen cookie, changes nothing. */
export async function isFresh(
  { account, signedInAt, level }: SignedIn,
  { secondFactors, maximumAgeSeconds }: { secondFactors: SecondFactors; maximumAgeSeconds: number },
): Promise<boolean> {
  if (Date.now() / 1000 - signedInAt > maximumAgeSeconds) return false
  return level === twoFactors || (await secondFactors.of(account.id)).length === 0
}
