import { ResponseBodyError, type TokenEndpointResponse } from 'oauth4webapi'
import { createStore } from 'zustand/vanilla'
import type { Protocol } from '#src/lib/session/protocol.ts'
import { createSession } from '#src/lib/session/session.ts'
import type { SessionState } from '#src/lib/session/store.ts'
import type { Tokens } from '#src/lib/session/tokens.ts'

/** A storage of the browser, without a browser. */
export function fakeStorage(): Storage {
  const storage = Object.create({
    getItem: (key: string) => storage[key] ?? null,
    setItem: (key: string, value: string) => {
      storage[key] = value
    },
    removeItem: (key: string) => {
      delete storage[key]
    },
  })
  return storage
}

/** A token response whose tokens are named by `name`. */
export const answer = (name: string, more: object = {}): TokenEndpointResponse =>
  ({
    access_token: `access-${name}`,
    refresh_token: `refresh-${name}`,
    id_token: `header.${btoa(JSON.stringify({ sub: 'clara', name }))}.signature`,
    token_type: 'bearer',
    expires_in: 300,
    ...more,
  }) as unknown as TokenEndpointResponse

/** The auth server says that the refresh token is spent. */
export const invalidGrant = () =>
  new ResponseBodyError('refused', {
    cause: { error: 'invalid_grant' },
    response: new Response(null, { status: 400 }),
  })

/** A session with everything around it played by the test. */
export function sessionUnderTest(protocol: Partial<Protocol> = {}) {
  const store = createStore<SessionState>(() => ({ status: 'restoring' }))
  const time = { monotonic: 0, wall: 1_000_000 }
  const left: URL[] = []
  const messages: unknown[] = []
  /** What other tabs hold. */
  const tabs: Tokens[] = []
  const tabStorage = fakeStorage()
  const sharedStorage = fakeStorage()
  const session = createSession({
    protocol: {
      authorizationUrl: async (request) =>
        new URL(
          `https://issuer.test/auth?${new URLSearchParams(Object.entries(request).map(([name, value]) => [name, String(value)]))}`,
        ),
      newKey: async () => undefined,
      prove: async () => 'proof',
      redeem: async () => answer('first'),
      refresh: async () => answer('second'),
      revoke: async () => {},
      endSessionUrl: async (idToken) => new URL(`https://issuer.test/end?id_token_hint=${idToken}`),
      ...protocol,
    },
    store,
    origin: 'https://app.test',
    tabStorage,
    sharedStorage,
    tabs: {
      inTurn: (work) => work(),
      ask: async () => tabs,
      announceSignOut: () => messages.push('signed-out'),
    },
    leaveFor: (url) => left.push(url),
    currentPath: () => '/orders?status=paid',
    monotonicNow: () => time.monotonic,
    now: () => time.wall,
  })
  /** Signs in as far as the session can tell. */
  async function signIn(returnTo = '/orders') {
    await session.signIn(returnTo)
    const state = left.at(-1)?.searchParams.get('state') as string
    return session.redeemCallback(new URLSearchParams({ code: 'code', state, iss: 'https://issuer.test' }))
  }
  return { session, store, time, left, messages, tabs, tabStorage, sharedStorage, signIn }
}
