import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  audience,
  type Cluster,
  clientsFile,
  otherClients,
  startCluster,
  webApp,
} from '../harness/cluster.ts'
import { createClientKey, createMachine, createProofs } from '../harness/machine.ts'
import { claimsOf, createParty } from '../harness/party.ts'

const bankRedirect = 'https://bank.example/callback'
let cluster: Cluster
let key: Awaited<ReturnType<typeof createClientKey>>
beforeAll(async () => {
  key = await createClientKey('unused', 'bank')
  const bank = {
    ...{ client_id: 'bank', client_name: 'Bank', redirect_uris: [bankRedirect], response_types: ['code'] },
    ...{
      grant_types: ['authorization_code', 'refresh_token'],
      firstParty: true,
      scope: 'openid profile email',
    },
    ...{ token_endpoint_auth_method: 'private_key_jwt', jwks: key.jwks, apiScopes: 'orders:read' },
    ...{ profile: 'fapi2', dpop_bound_access_tokens: true, require_pushed_authorization_requests: true },
  }
  cluster = await startCluster({ instances: 2, env: { CLIENTS_FILE: clientsFile([...otherClients, bank]) } })
})
afterAll(() => cluster.close())

const tokenUrl = () => `${cluster.issuer}/token`

/** A code for the web app, and the fields that redeem it. */
const codeFor = async () => (await createParty(cluster).code()).fields

test('any client gets a token bound to its key by proving it, and refreshes it with that key alone', async () => {
  const [prove, proveOther] = [await createProofs(), await createProofs()]
  const web = createMachine(cluster, { id: 'web' })
  const { status, body } = await web.token(await codeFor(), { dpop: await prove('POST', tokenUrl()) })
  expect([status, body.token_type]).toEqual([200, 'DPoP'])
  const { cnf } = claimsOf(body.access_token as string) as { cnf: { jkt: string } }
  expect(cnf.jkt).toMatch(/^[\w-]{43}$/)
  const refresh = async (proof?: string) =>
    web.token(
      { grant_type: 'refresh_token', refresh_token: body.refresh_token as string, resource: audience },
      proof ? { dpop: proof } : {},
    )
  for (const proof of [undefined, await proveOther('POST', tokenUrl())])
    expect((await refresh(proof)).status, String(proof)).toBe(400)
  expect((await refresh(await prove('POST', tokenUrl()))).body.token_type).toBe('DPoP')
})

test('a proof for another address, of another time, or used before gets nothing', async () => {
  const prove = await createProofs()
  const web = createMachine(cluster, { id: 'web' })
  const refused = async (proof: string) => (await web.token(await codeFor(), { dpop: proof })).body.error
  expect(await refused(await prove('GET', tokenUrl()))).toBe('invalid_dpop_proof')
  expect(await refused(await prove('POST', `${cluster.issuer}/me`))).toBe('invalid_dpop_proof')
  const old = Math.floor(Date.now() / 1000) - 600
  expect(await refused(await prove('POST', tokenUrl(), { iat: old, nonce: 'made-up' }))).toMatch(/dpop/)
  const proof = await prove('POST', tokenUrl())
  expect((await web.token(await codeFor(), { dpop: proof })).status).toBe(200)
  expect(await refused(proof)).toMatch(/invalid/)
})

test('F-05 of ten requests with one proof at the same time one gets a token', async () => {
  const prove = await createProofs()
  const web = createMachine(cluster, { id: 'web' })
  const proof = await prove('POST', tokenUrl())
  const fields = await Promise.all(Array.from({ length: 10 }, codeFor))
  const answers = await Promise.all(fields.map((each) => web.token(each, { dpop: proof })))
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
})

test('a pushed authorization request is used once, and only by whoever pushed it', async () => {
  const party = createParty(cluster)
  const { url } = await party.attempt()
  const web = createMachine(cluster, { id: 'web' })
  const { status, body } = await web.post(
    '/request',
    Object.fromEntries(new URLSearchParams(url.split('?')[1])),
  )
  expect(status).toBe(201)
  const pushed = new URLSearchParams({ client_id: 'web', request_uri: body.request_uri as string })
  const stolen = await party.browser.open(
    `/auth?${new URLSearchParams({ client_id: 'second', request_uri: body.request_uri as string })}`,
  )
  expect(stolen.location?.searchParams.get('error')).toBe('invalid_request_object')
  expect(stolen.location?.searchParams.get('code')).toBeNull()
  const done = await party.enter(await party.browser.open(`/auth?${pushed}`))
  expect(done.location?.origin).toBe(webApp)
  const again = await createParty(cluster).browser.open(`/auth?${pushed}`)
  expect(again.location?.searchParams.get('error')).toBe('invalid_request_uri')
})

/** A client on the FAPI 2.0 profile, which proves itself and its key everywhere. */
async function bankTokens() {
  const prove = await createProofs()
  const party = createParty(cluster, { client: 'bank', redirect: bankRedirect })
  const bank = createMachine(cluster, { id: 'bank' })
  const assertion = () => key.assertion({ aud: cluster.issuer })
  const request = await party.attempt()
  const pushed = await bank.post('/request', {
    ...Object.fromEntries(new URLSearchParams(request.url.split('?')[1])),
    ...(await assertion()),
  })
  const page = await party.enter(
    await party.browser.open(
      `/auth?${new URLSearchParams({ client_id: 'bank', request_uri: pushed.body.request_uri as string })}`,
    ),
  )
  const fields = party.codeFields(request, page)
  const redeem = async (claims: Record<string, unknown>) =>
    bank.token({ ...fields, ...(await assertion()) }, { dpop: await prove('POST', tokenUrl(), claims) })
  const asked = await redeem({})
  const done = await redeem({ nonce: asked.headers.get('dpop-nonce') as string })
  return { asked, done, bank, assertion, prove, party, request }
}

test('FAPI 2.0: pushed request, private_key_jwt, a proof with the server’s nonce; the refresh token is not rotated', async () => {
  const { asked, done, bank, assertion, prove } = await bankTokens()
  expect([asked.status, asked.body.error]).toEqual([400, 'use_dpop_nonce'])
  expect([done.status, done.body.token_type]).toEqual([200, 'DPoP'])
  const nonce = done.headers.get('dpop-nonce') ?? asked.headers.get('dpop-nonce')
  const refreshed = await bank.token(
    {
      ...{
        grant_type: 'refresh_token',
        refresh_token: done.body.refresh_token as string,
        resource: audience,
      },
      ...(await assertion()),
    },
    { dpop: await prove('POST', tokenUrl(), { nonce }) },
  )
  expect(refreshed.body).toMatchObject({ token_type: 'DPoP', refresh_token: done.body.refresh_token })
})

test('FAPI 2.0: a request that was not pushed is refused, and so is a code without a proof', async () => {
  const party = createParty(cluster, { client: 'bank', redirect: bankRedirect })
  const { location } = await party.browser.open((await party.attempt()).url)
  expect(location?.searchParams.get('error')).toBe('invalid_request')
  expect(location?.searchParams.get('code')).toBeNull()
})
