import { expect, test } from 'vitest'
import { redirects } from '#src/platform/clients.ts'
import { metadataOf } from '#src/platform/metadata.ts'
import { client, webApp } from '#src/platform/parties.ts'
import { currentPlatform } from '#src/platform/platform.ts'

const { issuer } = currentPlatform()
const registered = 'http://localhost:8080/auth/callback'

test.each([
  ['a longer path', `${registered}/more`],
  ['a query', `${registered}?x=1`],
  ['another case', 'http://localhost:8080/auth/Callback'],
  ['a slash at its end', `${registered}/`],
  ['an encoded sign', 'http://localhost:8080/auth/c%61llback'],
  ['user information', 'http://localhost:8080@evil.example/auth/callback'],
  ['a fragment', `${registered}#x`],
  ['another host', 'http://localhost.evil.example:8080/auth/callback'],
  ['another scheme', 'https://localhost:8080/auth/callback'],
  ['another port', 'http://localhost:8082/auth/callback'],
  ['a way up', 'http://localhost:8080/x/../auth/callback'],
])(
  'AS-01 a redirect URI with %s is answered by a page, and redirects nowhere',
  async (_what, redirect_uri) => {
    const { browser, attempt } = webApp()
    const page = await browser.open((await attempt({ redirect_uri })).url)
    expect(page.status).toBe(400)
    expect(page.location).toBeUndefined()
    expect(page.headers.get('content-type')).toContain('text/html')
  },
)

test('AS-01 the port of a loopback address is free for a native client, as RFC 8252 §7.3 wants it', async () => {
  const { browser, attempt, enter } = client('native')
  const request = await attempt({ redirect_uri: 'http://127.0.0.1:51234/callback' })
  const consent = await enter(await browser.open(request.url))
  const page = await browser.submit(consent, '/consent', { decision: 'allow' })
  // The browser of the tests takes loopback for the server itself, and stops at the page that is not there.
  expect(new URL(page.url).pathname + page.hops.at(-1)?.location).toContain('/callback')
})

test.each([
  ['an unknown client', { client_id: 'nobody' }],
  ['no client', { client_id: undefined }],
  ['a client of another redirect URI', { redirect_uri: redirects.second }],
])('AS-03 %s is never redirected', async (_what, changes) => {
  const { browser, attempt } = webApp()
  const page = await browser.open((await attempt(changes)).url)
  expect(page.status).toBe(400)
  expect(page.location).toBeUndefined()
})

test.each([
  ['invalid_request', { code_challenge: undefined, code_challenge_method: undefined }],
  ['unsupported_response_type', { response_type: 'token' }],
  ['invalid_request', { prompt: 'none login' }],
  ['invalid_target', { resource: 'urn:somebody:else' }],
  ['login_required', { prompt: 'none' }],
])('AS-03 AS-31 the error %s comes back with state and iss', async (error, changes) => {
  const { browser, attempt } = webApp()
  const request = await attempt(changes)
  const { location } = await browser.open(request.url)
  expect(`${location?.origin}${location?.pathname}`).toBe(registered)
  const answer = new URLSearchParams(location?.search || location?.hash.slice(1))
  expect(answer.get('error')).toBe(error)
  expect(answer.get('state')).toBe(request.state)
  expect(answer.get('iss')).toBe(issuer)
})

test.each([
  ['a public client', () => webApp()],
  ['a confidential client', () => client('office')],
])('AS-04 %s that sends no challenge is refused', async (_what, party) => {
  const { browser, attempt } = party()
  const request = await attempt({ code_challenge: undefined, code_challenge_method: undefined })
  const { location } = await browser.open(request.url)
  expect(location?.searchParams.get('error')).toBe('invalid_request')
})

test.each(['plain', undefined, 'S512'])('AS-05 the method %s is refused', async (code_challenge_method) => {
  const { browser, attempt } = webApp()
  const { location } = await browser.open((await attempt({ code_challenge_method })).url)
  expect(location?.searchParams.get('error')).toBe('invalid_request')
})

test('AS-05 AS-10 the metadata name S256 and code, and nothing else', async () => {
  const metadata = await metadataOf('openid-configuration')
  expect(metadata.code_challenge_methods_supported).toEqual(['S256'])
  expect(metadata.response_types_supported).toEqual(['code'])
  expect(metadata.grant_types_supported).not.toContain('implicit')
  expect(metadata.grant_types_supported).not.toContain('password')
})

test.each(['token', 'id_token', 'id_token token', 'code token', 'code id_token', 'code id_token token'])(
  'AS-10 the response type %s is refused, and brings no token',
  async (response_type) => {
    const { browser, attempt } = webApp()
    const { location, text } = await browser.open((await attempt({ response_type })).url)
    expect(location?.href ?? text).toContain('unsupported_response_type')
    expect(location?.href ?? text).not.toMatch(/access_token|id_token=|[?#&]code=/)
  },
)

test('AS-30 nobody is redirected to a client before he has signed in', async () => {
  const { browser, attempt } = webApp()
  const page = await browser.open((await attempt()).url)
  expect(page.location).toBeUndefined()
  expect(page.text).toContain('name="password"')
})

test('AS-30 prompt=none brings a code where somebody is signed in, and consent_required where he was not asked', async () => {
  const party = webApp()
  await party.code()
  const again = await party.browser.open((await party.attempt({ prompt: 'none' })).url)
  expect(again.location?.searchParams.get('code')).toBeTruthy()
  const foreign = client('foreign')
  const request = await foreign.attempt({ prompt: 'none' })
  const { location } = await party.browser.open(request.url)
  expect(location?.searchParams.get('error')).toBe('consent_required')
  expect(location?.searchParams.get('code')).toBeNull()
})

test('AS-31 a code comes with iss, which is the issuer of the metadata', async () => {
  const { page } = await webApp().code()
  const metadata = await metadataOf('openid-configuration')
  expect(page.location?.searchParams.get('iss')).toBe(metadata.issuer)
  expect(metadata.authorization_response_iss_parameter_supported).toBe(true)
})
