import {
  generateRandomCodeVerifier,
  generateRandomNonce,
  generateRandomState,
  ResponseBodyError,
} from 'oauth4webapi'
import type { StoreApi } from 'zustand'
import { CallbackError, type Protocol } from './protocol.ts'
import { safeReturnTo } from './return-to.ts'
import type { StepUp } from './step-up.ts'
import type { SessionState } from './store.ts'
import type { Tabs } from './tabs.ts'
import { agreed, newerOf, type Tokens, tokensOf } from './tokens.ts'
import { saveTransaction, takeTransaction } from './transactions.ts'

/** What the session uses of the browser; a test gives its own. */
export type SessionParts = {
  protocol: Protocol
  store: Pick<StoreApi<SessionState>, 'getState' | 'setState'>
  origin: string
  /** Forgotten with the tab. */
  tabStorage: Storage
  /** Shared by all tabs; holds the mark «somebody was signed in», never a token. */
  sharedStorage: Storage
  tabs: Pick<Tabs, 'inTurn' | 'ask' | 'announceSignOut'>
  /** Leaves the page. */
  leaveFor(url: URL): void
  /** Path, query and fragment of the page in view. */
  currentPath(): string
  /** `performance.now`. */
  monotonicNow(): number
  /** `Date.now`. */
  now(): number
}

/** Signing in and out, and the tokens in between. */
export type Session = ReturnType<typeof createSession>

const mark = 'alicerce.was-signed-in'
const askedAt = 'alicerce.asked-at'
/** Asking again within this time means that asking does not help. Milliseconds. */
const circle = 60_000

/** Makes the session of this tab. */
export function createSession(parts: SessionParts) {
  const { protocol, store, origin, tabStorage, sharedStorage, tabs } = parts
  let renewal: Promise<Tokens | undefined> | undefined

  async function leaveToSignIn(returnTo: string, how: { prompt?: 'none' } & StepUp = {}): Promise<void> {
    // Fresh for every attempt: none of them is ever used for a second one.
    const state = generateRandomState()
    const nonce = generateRandomNonce()
    const verifier = generateRandomCodeVerifier()
    const url = await protocol.authorizationUrl({ state, nonce, verifier, ...how })
    saveTransaction(tabStorage, state, {
      verifier,
      nonce,
      returnTo: safeReturnTo(returnTo, origin),
      silent: how.prompt === 'none',
      startedAt: parts.now(),
    })
    parts.leaveFor(url)
  }

  function accept(tokens: Tokens): Tokens {
    store.setState({ status: 'signed-in', tokens }, true)
    sharedStorage.setItem(mark, '1')
    return tokens
  }

  function forget(ended?: 'expired' | 'elsewhere'): void {
    store.setState({ status: 'signed-out', ...(ended && { ended }) }, true)
  }

  async function redeemCallback(parameters: URLSearchParams): Promise<{ returnTo: string }> {
    const state = parameters.get('state')
    const transaction = state ? takeTransaction(tabStorage, state, parts.now()) : undefined
    if (!state || !transaction) {
      forget()
      throw new CallbackError('state', 'This tab has not begun that sign-in, or it was finished before.')
    }
    const { nonce, verifier, returnTo, silent } = transaction
    try {
      const key = await protocol.newKey()
      const response = await protocol.redeem(parameters, { state, nonce, verifier }, key)
      accept(tokensOf(response, parts.monotonicNow(), key && { key }))
    } catch (error) {
      forget()
      if (!(silent && error instanceof CallbackError && isAnswerNobody(error.code))) throw error
      // Nobody is signed in any more: that is an answer, not a fault.
      sharedStorage.removeItem(mark)
      // The session itself is over, so in the other tabs too. The other answers are about what this tab has asked for.
      if (error.code === 'login_required') tabs.announceSignOut()
    }
    return { returnTo }
  }

  async function renew(tokens: Tokens): Promise<Tokens | undefined> {
    try {
      if (tokens.refresh === undefined) throw new Error('The auth server gave no refresh token.')
      const response = await protocol.refresh(tokens.refresh, tokens.key)
      // Signed out while the answer was on its way: it must not bring the person back.
      if (store.getState().tokens !== tokens) return store.getState().tokens
      return accept(tokensOf(response, parts.monotonicNow(), tokens))
    } catch (error) {
      if (store.getState().tokens !== tokens) return store.getState().tokens
      const isOver =
        tokens.refresh === undefined ||
        (error instanceof ResponseBodyError && error.error === 'invalid_grant')
      // No network, or an auth server that is restarting: the token in hand may still be good, and the next request tries again.
      if (!isOver) return undefined
      await askOnce()
      return undefined
    }
  }

  /** The refresh token is spent, the session at the auth server may live: asks there, but never in a circle. */
  async function askOnce(): Promise<void> {
    const now = parts.now()
    const isCircle = Math.abs(now - Number(tabStorage.getItem(askedAt) ?? 0)) < circle
    forget('expired')
    if (isCircle) return
    tabStorage.setItem(askedAt, String(now))
    store.setState({ status: 'restoring' }, true)
    await leaveToSignIn(parts.currentPath(), { prompt: 'none' }).catch(() => forget('expired'))
  }

  /** Another tab that has renewed them meanwhile gives what it got. */
  async function takeOrRenew(tokens: Tokens): Promise<Tokens | undefined> {
    const newer = newerOf(await tabs.ask(), tokens)
    if (store.getState().tokens !== tokens) return store.getState().tokens
    return newer ? accept(newer) : renew(tokens)
  }

  /** One renewal at a time in all tabs, whoever asks: a refresh token works once. */
  function renewOnce(tokens: Tokens): Promise<Tokens | undefined> {
    renewal ??= tabs
      .inTurn(() => takeOrRenew(tokens))
      .finally(() => {
        renewal = undefined
      })
    return renewal
  }

  return {
    /** Leaves for the sign-in page; the person comes back to `returnTo`, a path. */
    signIn: (returnTo: string) => leaveToSignIn(returnTo),

    /** Leaves to sign in once more, as recently or strongly as the API asks; the person comes back to this page. */
    signInAgain: (asked: StepUp) => leaveToSignIn(parts.currentPath(), asked),

    /** Whether this browser had somebody signed in, so that asking the auth server makes sense. */
    wasSignedIn: () => sharedStorage.getItem(mark) !== null,

    /**
     * After a reload and in a new tab: another tab may hold the tokens. If none does, the auth server is asked, without showing anything,
     * whether the person is still signed in there: the page leaves and comes back. Throws where the auth server cannot be reached; then
     * this page stays, with nobody signed in.
     */
    async restore(returnTo: string): Promise<'restored' | 'leaving'> {
      const tokens = agreed(await tabs.ask())
      if (tokens) {
        accept(tokens)
        return 'restored'
      }
      try {
        await leaveToSignIn(returnTo, { prompt: 'none' })
        return 'leaving'
      } catch (error) {
        forget()
        throw error
      }
    },

    /** Nobody is signed in here, and nobody need be asked. */
    startSignedOut: () => forget(),

    /** Finishes a sign-in by the parameters of the callback; says where to go on. Throws CallbackError for what it must not accept. */
    redeemCallback,

    /** Tokens that will be good for some seconds yet, or undefined if nobody is signed in. */
    async goodTokens(): Promise<Tokens | undefined> {
      const { tokens } = store.getState()
      if (!tokens) return undefined
      if (parts.monotonicNow() < tokens.renewAt) return tokens
      const renewed = await renewOnce(tokens)
      if (renewed) return renewed
      return store.getState().tokens && parts.monotonicNow() < tokens.expiresAt ? tokens : undefined
    },

    /** The API refused the access token `refused`: others, fetched unless somebody else did so in the meantime. */
    async replaceTokens(refused: string): Promise<Tokens | undefined> {
      const { tokens } = store.getState()
      return tokens?.access === refused ? renewOnce(tokens) : tokens
    },

    /** Ends it everywhere: this tab, the others, the refresh token, the session at the auth server. Leaves the page. */
    async signOut(): Promise<void> {
      const { tokens } = store.getState()
      sharedStorage.removeItem(mark)
      forget()
      tabs.announceSignOut()
      // A refresh token that cannot be revoked now dies with the session that ends next.
      if (tokens?.refresh) await protocol.revoke(tokens.refresh).catch(() => undefined)
      parts.leaveFor(await protocol.endSessionUrl(tokens?.id))
    },

    /** Another tab signed out. */
    signedOutElsewhere(): void {
      if (store.getState().status !== 'signed-out') forget('elsewhere')
    },
  }
}

/** The answers to `prompt=none` that mean: the person would have to do something (OpenID Connect Core §3.1.2.6). */
function isAnswerNobody(code: string): boolean {
  return [
    'login_required',
    'interaction_required',
    'consent_required',
    'account_selection_required',
  ].includes(code)
}
