import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Cluster, startCluster, webApp } from './harness/cluster.ts'
import { claimsOf, createParty } from './harness/party.ts'

let cluster: Cluster
beforeAll(async () => {
  cluster = await startCluster()
})
afterAll(() => cluster.close())

const callback = `${webApp}/auth/callback`

test.each([
  `${callback}/more`,
  `${callback}?extra=1`,
  `${webApp}/auth/Callback`,
  `${callback}/`,
  `${webApp}/auth/%63allback`,
  'http://user@localhost:8080/auth/callback',
  `${callback}#part`,
  'https://localhost:8080/auth/callback',
  'http://localhost:8081/auth/callback',
  undefined,
])('AS-01 AS-03 shows an error page and does not redirect to %s', async (redirect_uri) => {
  const { browser, attempt } = createParty(cluster)
  const page = await browser.open((await attempt({ redirect_uri })).url)
  if (redirect_uri === undefined) return expect(page.status).toBe(200) // one registered address may be left out
  expect(page.status).toBe(400)
  expect(page.hops).toEqual([])
  expect(page.text).toContain('<h1>This did not work</h1>')
})

test('AS-03 does not redirect for an unknown client', async () => {
  const { browser, attempt } = createParty(cluster)
  const page = await browser.open((await attempt({ client_id: 'nobody' })).url)
  expect([page.status, page.hops]).toEqual([400, []])
})

test.each([
  [{ code_challenge: undefined, code_challenge_method: undefined }, 'invalid_request'],
  [{ code_challenge_method: 'plain' }, 'invalid_request'],
  [{ code_challenge_method: undefined }, 'invalid_request'],
  [{ response_type: undefined }, 'invalid_request'],
  [{ scope: 'openid unheard-of' }, undefined],
  [{ resource: 'urn:unknown' }, 'invalid_target'],
  [{ prompt: 'none' }, 'login_required'],
  [{ prompt: 'none login' }, 'invalid_request'],
])(
  'AS-03 AS-04 AS-05 AS-30 AS-31 tells the client what is wrong with %j, with state and issuer',
  async (changes, error) => {
    const { browser, attempt } = createParty(cluster)
    const { url, state } = await attempt(changes)
    const page = await browser.open(url)
    if (!error)
      return expect(page.location?.searchParams.get('error') ?? 'none').toMatch(/none|invalid_scope/)
    expect(Object.fromEntries(page.location?.searchParams ?? [])).toMatchObject({
      error,
      state,
      iss: cluster.issuer,
    })
    expect(page.location?.searchParams.has('code')).toBe(false)
  },
)

test('AS-04 asks a confidential client for a challenge too', async () => {
  const party = createParty(cluster, { client: 'confidential', redirect: 'https://office.example/callback' })
  const { url } = await party.attempt({ code_challenge: undefined, code_challenge_method: undefined })
  const page = await party.browser.open(url)
  expect(page.location?.searchParams.get('error')).toBe('invalid_request')
})

test.each(['token', 'id_token', 'id_token token', 'code token', 'code id_token', 'none'])(
  'AS-10 refuses the response type %s',
  async (response_type) => {
    const { browser, attempt } = createParty(cluster)
    const page = await browser.open((await attempt({ response_type })).url)
    const told = new URLSearchParams(page.location?.search || page.location?.hash.slice(1))
    expect(told.get('error')).toBe('unsupported_response_type')
    expect(page.location?.href).not.toMatch(/access_token=|id_token=|code=/)
  },
)

test('AS-13 AS-30 AS-31 signs in before any redirect to the client, and goes on with 303', async () => {
  const { browser, attempt, enter } = createParty(cluster)
  const { url, state } = await attempt()
  const form = await browser.open(url)
  expect(form.status).toBe(200)
  expect(
    form.hops.every(({ location }) => location.startsWith('/') || location.startsWith(cluster.issuer)),
  ).toBe(true)
  const page = await enter(form)
  expect(page.hops.map(({ status }) => status)).toEqual([303, 303])
  expect(page.location?.href.startsWith(`${callback}?`)).toBe(true)
  expect(page.location?.searchParams.get('state')).toBe(state)
  expect(page.location?.searchParams.get('iss')).toBe(cluster.issuer)
})

test('AS-30 answers prompt=none with a code where the person is signed in', async () => {
  const { browser, attempt, signIn } = createParty(cluster)
  await signIn()
  const page = await browser.open((await attempt({ prompt: 'none' })).url)
  expect(page.location?.searchParams.get('code')).toMatch(/^[\w-]{43}$/)
})

test('AS-30 asks for consent for a client that is not ours, and remembers it for the session', async () => {
  const party = createParty(cluster, { client: 'foreign', redirect: 'https://other.example/callback' })
  const { browser, attempt, enter } = party
  const consent = await enter(await browser.open((await attempt()).url))
  expect(consent.text).toContain('Other shop asks for access')
  const silent = await browser.open((await attempt({ prompt: 'none' })).url)
  expect(silent.location?.searchParams.get('error')).toBe('consent_required')
  const denied = await browser.submit(consent, '/consent', { decision: 'deny' })
  expect(denied.location?.searchParams.get('error')).toBe('access_denied')
  const again = await browser.open((await attempt()).url)
  const allowed = await browser.submit(again, '/consent', { decision: 'allow' })
  expect(allowed.location?.searchParams.get('code')).toBeTruthy()
  const next = await browser.open((await attempt({ prompt: 'none' })).url)
  expect(next.location?.searchParams.get('code')).toBeTruthy()
})

test('AS-05 AS-32 AS-12 publishes one document at both addresses, readable from anywhere and cached for minutes', async () => {
  const [openid, oauth] = await Promise.all(
    ['openid-configuration', 'oauth-authorization-server'].map((name) =>
      fetch(`${cluster.issuer}/.well-known/${name}`, { headers: { origin: 'https://anywhere.example' } }),
    ),
  )
  const document = await openid?.json()
  expect(await oauth?.json()).toEqual(document)
  expect(document).toMatchObject({
    issuer: cluster.issuer,
    code_challenge_methods_supported: ['S256'],
    response_types_supported: ['code'],
    authorization_response_iss_parameter_supported: true,
  })
  expect(JSON.stringify(document)).not.toMatch(/HS256|password|check_session|frontchannel/)
  for (const response of [openid, oauth]) {
    expect(response?.headers.get('access-control-allow-origin')).toMatch(/^(\*|https:\/\/anywhere\.example)$/)
    expect(response?.headers.get('cache-control')).toBe('public, max-age=300')
  }
})

test('AS-12 sends no CORS headers on the authorization endpoint', async () => {
  const { attempt } = createParty(cluster)
  const response = await fetch(`${cluster.issuer}${(await attempt()).url}`, {
    headers: { origin: webApp },
    redirect: 'manual',
  })
  expect([...response.headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([])
})

test('F-01 a pushed request leads to one code, also when it is used many times at once', async () => {
  const { browser, attempt, signIn } = createParty(cluster)
  await signIn()
  const pushed = await fetch(`${cluster.issuer}/request`, {
    method: 'POST',
    body: new URLSearchParams((await attempt()).url.split('?')[1]),
  })
  const { request_uri } = (await pushed.json()) as { request_uri: string }
  const address = `/auth?${new URLSearchParams({ client_id: 'web', request_uri })}`
  const pages = await Promise.all(Array.from({ length: 8 }, () => browser.open(address)))
  const answers = pages.map(({ location, text }) =>
    location?.searchParams.has('code')
      ? 'code'
      : (location?.searchParams.get('error') ?? /<code>([^<]*)/.exec(text)?.[1]),
  )
  expect(answers.toSorted()).toEqual(['code', ...Array.from({ length: 7 }, () => 'invalid_request_uri')])
})

test('AS-28 a token holds the scopes that the roles of its person grant, and no other', async () => {
  const scopeOf = async (email: string) =>
    String(claimsOf((await createParty(cluster).signIn(email)).access_token).scope).split(' ')
  const customer = await scopeOf('customer@alicerce.test')
  const administrator = await scopeOf('admin@alicerce.test')
  expect(customer).toContain('orders:read')
  expect(customer).not.toContain('accounts:manage')
  expect(administrator).toContain('accounts:manage')
})
