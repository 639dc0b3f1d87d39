import { expect, test, vi } from 'vitest'
import { CallbackError } from '#src/lib/session/protocol.ts'
import type { Tokens } from '#src/lib/session/tokens.ts'
import { answer, invalidGrant, sessionUnderTest } from './fixtures.ts'

test('SPA-01 every attempt has a verifier, a state and a nonce of its own', async () => {
  const { session, left } = sessionUnderTest()
  await session.signIn('/')
  await session.signIn('/')
  for (const name of ['state', 'nonce', 'verifier']) {
    const [one, other] = left.map((url) => url.searchParams.get(name))
    expect(one?.length).toBeGreaterThan(20)
    expect(one).not.toBe(other)
  }
})

test('SPA-01 signing in goes back to where it began and leaves nothing behind but the mark', async () => {
  const { signIn, store, tabStorage, sharedStorage } = sessionUnderTest()
  expect(await signIn('/orders?status=paid')).toEqual({ returnTo: '/orders?status=paid' })
  expect(store.getState()).toMatchObject({ status: 'signed-in', tokens: { access: 'access-first' } })
  expect(Object.keys(tabStorage)).toEqual([])
  expect(JSON.stringify(sharedStorage)).not.toMatch(/access|refresh|header/)
})

test('SPA-02 a state that this tab never sent, or sent and used, brings no token request', async () => {
  const redeem = vi.fn(async () => answer('first'))
  const { session, signIn, left } = sessionUnderTest({ redeem })
  const foreign = session.redeemCallback(new URLSearchParams({ code: 'code', state: 'made-up' }))
  await expect(foreign).rejects.toMatchObject({ name: 'CallbackError', code: 'state' })
  expect(redeem).not.toHaveBeenCalled()
  await signIn()
  const state = left.at(-1)?.searchParams.get('state') as string
  await expect(session.redeemCallback(new URLSearchParams({ code: 'code', state }))).rejects.toThrow(
    CallbackError,
  )
  expect(redeem).toHaveBeenCalledTimes(1)
})

test('RS-17 signing in once more asks for what the API asks, and comes back to this page', async () => {
  const { session, left } = sessionUnderTest()
  await session.signInAgain({ maxAge: 600, acrValues: ['two'] })
  const query = left.at(-1)?.searchParams
  expect([query?.get('maxAge'), query?.get('acrValues')]).toEqual(['600', 'two'])
  const state = query?.get('state') as string
  expect(await session.redeemCallback(new URLSearchParams({ code: 'c', state }))).toEqual({
    returnTo: '/orders?status=paid',
  })
})

test('SPA-05 callers that come together share one refresh', async () => {
  const refresh = vi.fn(async () => answer('second'))
  const { session, signIn, time } = sessionUnderTest({ refresh })
  await signIn()
  time.monotonic = 290_000
  const tokens = await Promise.all([
    ...Array.from({ length: 10 }, () => session.goodTokens()),
    session.replaceTokens('access-first'),
  ])
  expect(refresh).toHaveBeenCalledExactlyOnceWith('refresh-first', undefined)
  expect(new Set(tokens.map((each) => each?.access))).toEqual(new Set(['access-second']))
})

test('SPA-06 a refused token that was replaced meanwhile costs no refresh', async () => {
  const refresh = vi.fn(async () => answer('second'))
  const { session, signIn } = sessionUnderTest({ refresh })
  await signIn()
  expect((await session.replaceTokens('access-first'))?.access).toBe('access-second')
  expect((await session.replaceTokens('access-first'))?.access).toBe('access-second')
  expect(refresh).toHaveBeenCalledTimes(1)
})

test('SPA-06 a spent refresh token asks the auth server silently, once, and comes back here', async () => {
  const refresh = async () => Promise.reject(invalidGrant())
  const { session, signIn, left, store } = sessionUnderTest({ refresh })
  await signIn()
  expect(await session.replaceTokens('access-first')).toBeUndefined()
  expect(left.at(-1)?.searchParams.get('prompt')).toBe('none')
  expect(store.getState()).toEqual({ status: 'restoring' })
  const state = left.at(-1)?.searchParams.get('state') as string
  expect(await session.redeemCallback(new URLSearchParams({ code: 'c', state }))).toEqual({
    returnTo: '/orders?status=paid',
  })
  // It happens again at once: asking does not help, so nobody is led in a circle.
  const departures = left.length
  expect(await session.replaceTokens('access-first')).toBeUndefined()
  expect(left).toHaveLength(departures)
  expect(store.getState()).toEqual({ status: 'signed-out', ended: 'expired' })
})

test('SPA-06 the answer «nobody is signed in» is no error, and is not asked for again', async () => {
  const redeem = async () => Promise.reject(new CallbackError('login_required', 'nobody'))
  const { session, sharedStorage, left, store } = sessionUnderTest({ redeem })
  sharedStorage.setItem('alicerce.was-signed-in', '1')
  await session.restore('/shop')
  const state = left.at(-1)?.searchParams.get('state') as string
  const parameters = new URLSearchParams({ error: 'login_required', state })
  expect(await session.redeemCallback(parameters)).toEqual({ returnTo: '/shop' })
  expect(session.wasSignedIn()).toBe(false)
  expect(store.getState()).toEqual({ status: 'signed-out' })
})

test('SPA-07 life is counted on the monotonic clock: a change of the computer’s time ends nothing', async () => {
  const refresh = vi.fn(async () => answer('second'))
  const { session, signIn, time } = sessionUnderTest({ refresh })
  await signIn()
  time.wall += 20 * 60_000
  expect((await session.goodTokens())?.access).toBe('access-first')
  time.monotonic = 239_000
  expect((await session.goodTokens())?.access).toBe('access-first')
  time.monotonic = 241_000
  expect((await session.goodTokens())?.access).toBe('access-second')
  expect(refresh).toHaveBeenCalledTimes(1)
})

test('a refresh that finds no network keeps the token that is still good, and nobody is signed out', async () => {
  const refresh = async () => Promise.reject(new TypeError('Failed to fetch'))
  const { session, signIn, time, store } = sessionUnderTest({ refresh })
  await signIn()
  time.monotonic = 250_000
  expect((await session.goodTokens())?.access).toBe('access-first')
  time.monotonic = 301_000
  expect(await session.goodTokens()).toBeUndefined()
  expect(store.getState().status).toBe('signed-in')
})

test('SPA-08 signing out revokes, tells the other tabs and ends the session with the ID token as hint', async () => {
  const revoke = vi.fn(async () => {})
  const { session, signIn, messages, left, store } = sessionUnderTest({ revoke })
  await signIn()
  await session.signOut()
  expect(revoke).toHaveBeenCalledExactlyOnceWith('refresh-first')
  expect(messages).toEqual(['signed-out'])
  expect(left.at(-1)?.href).toBe(`https://issuer.test/end?id_token_hint=${answer('first').id_token}`)
  expect(store.getState()).toEqual({ status: 'signed-out' })
  expect(session.wasSignedIn()).toBe(false)
})

test('SPA-08 a refresh that is answered after signing out does not bring the person back', async () => {
  const late = Promise.withResolvers<ReturnType<typeof answer>>()
  const { session, signIn, store } = sessionUnderTest({ refresh: () => late.promise })
  await signIn()
  const renewal = session.replaceTokens('access-first')
  session.signedOutElsewhere()
  late.resolve(answer('second'))
  expect(await renewal).toBeUndefined()
  expect(store.getState()).toEqual({ status: 'signed-out', ended: 'elsewhere' })
})

const another = (changes: Partial<Tokens> = {}): Tokens => ({
  ...{ access: 'access-theirs', refresh: 'refresh-theirs', id: undefined, subject: 'clara' },
  ...{ expiresAt: 600_000, renewAt: 540_000, scopes: new Set(['openid']), ...changes },
})

test('SPA-05 what another tab has renewed is taken, and costs no refresh', async () => {
  const refresh = vi.fn(async () => answer('second'))
  const { session, signIn, tabs, store } = sessionUnderTest({ refresh })
  await signIn()
  tabs.push(another({ renewAt: 1 }), another())
  expect((await session.replaceTokens('access-first'))?.access).toBe('access-theirs')
  expect(store.getState().tokens?.refresh).toBe('refresh-theirs')
  expect(refresh).not.toHaveBeenCalled()
})

test('SPA-05 the same tokens in another tab, whose clock reads a little later, are no newer ones', async () => {
  const { session, signIn, tabs } = sessionUnderTest()
  await signIn()
  tabs.push(another({ access: 'access-first' }))
  expect((await session.replaceTokens('access-first'))?.access).toBe('access-second')
})

test('SPA-05 tokens of somebody else in another tab are left to him', async () => {
  const { session, signIn, tabs } = sessionUnderTest()
  await signIn()
  tabs.push(another({ subject: 'eva' }))
  expect((await session.replaceTokens('access-first'))?.access).toBe('access-second')
})

test('SPA-05 a new tab takes what another holds, and goes to the auth server where they do not agree', async () => {
  const { session, tabs, left, store } = sessionUnderTest()
  tabs.push(another({ renewAt: 1 }), another())
  expect(await session.restore('/shop')).toBe('restored')
  expect(store.getState()).toMatchObject({ status: 'signed-in', tokens: { renewAt: 540_000 } })
  expect(left).toEqual([])
  tabs.push(another({ subject: 'eva' }))
  expect(await session.restore('/shop')).toBe('leaving')
})

test('RS-13 tokens are renewed with the key that they are bound to', async () => {
  const key = (await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, false, [
    'sign',
  ])) as CryptoKeyPair
  const [redeem, refresh] = [vi.fn(async () => answer('first')), vi.fn(async () => answer('second'))]
  const { session, signIn } = sessionUnderTest({ newKey: async () => key, redeem, refresh })
  await signIn()
  expect(redeem).toHaveBeenCalledExactlyOnceWith(expect.anything(), expect.anything(), key)
  expect((await session.replaceTokens('access-first'))?.key).toBe(key)
  expect(refresh).toHaveBeenCalledExactlyOnceWith('refresh-first', key)
})
