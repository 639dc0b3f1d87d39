import { expect, test, vi } from 'vitest'
import { CallbackError } from '#src/lib/session/protocol.ts'
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
  expect(JSON.stringify(sharedStorage)).not.toMatch(/access|refresh|id-/)
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
    ...Array.from({ length: 10 }, () => session.accessToken()),
    session.replaceAccessToken('access-first'),
  ])
  expect(refresh).toHaveBeenCalledExactlyOnceWith('refresh-first')
  expect(new Set(tokens)).toEqual(new Set(['access-second']))
})

test('SPA-06 a refused token that was replaced meanwhile costs no refresh', async () => {
  const refresh = vi.fn(async () => answer('second'))
  const { session, signIn } = sessionUnderTest({ refresh })
  await signIn()
  expect(await session.replaceAccessToken('access-first')).toBe('access-second')
  expect(await session.replaceAccessToken('access-first')).toBe('access-second')
  expect(refresh).toHaveBeenCalledTimes(1)
})

test('SPA-06 a spent refresh token asks the auth server silently, once, and comes back here', async () => {
  const refresh = async () => Promise.reject(invalidGrant())
  const { session, signIn, left, store } = sessionUnderTest({ refresh })
  await signIn()
  expect(await session.replaceAccessToken('access-first')).toBeUndefined()
  expect(left.at(-1)?.searchParams.get('prompt')).toBe('none')
  expect(store.getState()).toEqual({ status: 'restoring' })
  const state = left.at(-1)?.searchParams.get('state') as string
  expect(await session.redeemCallback(new URLSearchParams({ code: 'c', state }))).toEqual({
    returnTo: '/orders?status=paid',
  })
  // It happens again at once: asking does not help, so nobody is led in a circle.
  const departures = left.length
  expect(await session.replaceAccessToken('access-first')).toBeUndefined()
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
  expect(await session.accessToken()).toBe('access-first')
  time.monotonic = 239_000
  expect(await session.accessToken()).toBe('access-first')
  time.monotonic = 241_000
  expect(await session.accessToken()).toBe('access-second')
  expect(refresh).toHaveBeenCalledTimes(1)
})

test('a refresh that finds no network keeps the token that is still good, and nobody is signed out', async () => {
  const refresh = async () => Promise.reject(new TypeError('Failed to fetch'))
  const { session, signIn, time, store } = sessionUnderTest({ refresh })
  await signIn()
  time.monotonic = 250_000
  expect(await session.accessToken()).toBe('access-first')
  time.monotonic = 301_000
  expect(await session.accessToken()).toBeUndefined()
  expect(store.getState().status).toBe('signed-in')
})

test('SPA-08 signing out revokes, tells the other tabs and ends the session with the ID token as hint', async () => {
  const revoke = vi.fn(async () => {})
  const { session, signIn, messages, left, store } = sessionUnderTest({ revoke })
  await signIn()
  await session.signOut()
  expect(revoke).toHaveBeenCalledExactlyOnceWith('refresh-first')
  expect(messages).toEqual(['signed-out'])
  expect(left.at(-1)?.href).toBe('https://issuer.test/end?id_token_hint=id-first')
  expect(store.getState()).toEqual({ status: 'signed-out' })
  expect(session.wasSignedIn()).toBe(false)
})

test('SPA-08 a refresh that is answered after signing out does not bring the person back', async () => {
  const late = Promise.withResolvers<ReturnType<typeof answer>>()
  const { session, signIn, store } = sessionUnderTest({ refresh: () => late.promise })
  await signIn()
  const renewal = session.replaceAccessToken('access-first')
  session.signedOutElsewhere()
  late.resolve(answer('second'))
  expect(await renewal).toBeUndefined()
  expect(store.getState()).toEqual({ status: 'signed-out', ended: 'elsewhere' })
})
