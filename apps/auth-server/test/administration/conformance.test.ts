import type { ClientMetadata } from 'oidc-provider'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { clientRules } from '#src/administration/conformance/client-rules.ts'
import { type Finding, judge } from '#src/administration/conformance/rule.ts'
import { type ServerFacts, serverRules } from '#src/administration/conformance/server-rules.ts'
import { signInToApi } from '../harness/api.ts'
import { type Cluster, startCluster } from '../harness/cluster.ts'

let cluster: Cluster
let api: Awaited<ReturnType<typeof signInToApi>>
beforeAll(async () => {
  cluster = await startCluster()
  api = await signInToApi(cluster)
})
afterAll(() => cluster.close())

const path = '/administration/conformance'
const failuresOf = ({ findings }: { findings: Finding[] }) =>
  findings.filter(({ outcome }) => outcome === 'fail').map(({ id }) => id)

test('the server keeps OAuth 2.1 and FAPI 2.0 in all points', async () => {
  const { status, body } = await api.call(path)
  expect(status).toBe(200)
  expect(failuresOf(body.server)).toEqual([])
  expect(body.server.scores).toEqual({ 'oauth2.1': 100, fapi2: 100 })
})

test('each client has its scores, and every failure a reason and a mend in both languages', async () => {
  const { body } = await api.call(path)
  const web = body.clients.find(({ id }: { id: string }) => id === 'web')
  expect(failuresOf(web.report)).toContain('fapi-profile')
  expect(web.report.scores.fapi2).toBeLessThan(100)
  for (const { outcome, reason, mend } of web.report.findings)
    if (outcome === 'fail') {
      const said = [reason.en, reason['pt-BR'], mend.en, mend['pt-BR']]
      for (const text of said) expect(text).toMatch(/\S/)
    }
  expect((await api.call(path, { token: api.customer })).status).toBe(403)
})

test('clients come in pages', async () => {
  const { body: all } = await api.call(path)
  const { body: first } = await api.call(`${path}?limit=2`)
  const { body: rest } = await api.call(`${path}?limit=100&cursor=${first.nextCursor}`)
  expect([...first.clients, ...rest.clients]).toEqual(all.clients)
  expect((await api.call(`${path}?cursor=made-up`)).status).toBe(400)
})

const model: ClientMetadata = {
  client_id: 'model',
  token_endpoint_auth_method: 'private_key_jwt',
  grant_types: ['authorization_code', 'refresh_token'],
  redirect_uris: ['https://model.example/callback'],
  jwks_uri: 'https://model.example/jwks',
  profile: 'fapi2',
}

test('a client that does everything right has full scores', () => {
  expect(judge(clientRules, model).scores).toEqual({ 'oauth2.1': 100, fapi2: 100 })
})

test.each<[string, Partial<ClientMetadata>]>([
  ['client-redirects', { redirect_uris: ['http://model.example/callback'] }],
  ['client-has-redirect', { redirect_uris: [] }],
  ['client-grants', { grant_types: ['authorization_code', 'implicit'] }],
  ['client-public-not-alone', { token_endpoint_auth_method: 'none', grant_types: ['client_credentials'] }],
  ['client-bound-tokens', { profile: undefined }],
  ['client-asymmetric', { token_endpoint_auth_method: 'client_secret_basic' }],
  ['client-after-logout', { post_logout_redirect_uris: ['http://model.example/'] }],
  ['client-server-addresses', { backchannel_logout_uri: 'http://model.example/' }],
  ['fapi-profile', { profile: undefined }],
  ['fapi-confidential', { token_endpoint_auth_method: 'none' }],
  ['fapi-pushed', { profile: undefined }],
  ['fapi-bound', { profile: undefined }],
  ['fapi-https', { redirect_uris: ['http://localhost/callback'] }],
  ['fapi-id-token', { id_token_signed_response_alg: 'RS256' }],
])('%s fails for a client that breaks it', (id, changes) => {
  expect(failuresOf(judge(clientRules, { ...model, ...changes }))).toContain(id)
})

const modelServer: ServerFacts = {
  metadata: {
    issuer: 'https://auth.example',
    token_endpoint: 'https://auth.example/token',
    response_types_supported: ['code'],
    grant_types_supported: ['authorization_code'],
    code_challenge_methods_supported: ['S256'],
    authorization_response_iss_parameter_supported: true,
    id_token_signing_alg_values_supported: ['ES256'],
    token_endpoint_auth_signing_alg_values_supported: ['ES256'],
    dpop_signing_alg_values_supported: ['ES256'],
    token_endpoint_auth_methods_supported: ['private_key_jwt'],
    revocation_endpoint: 'https://auth.example/revoke',
    pushed_authorization_request_endpoint: 'https://auth.example/par',
  },
  accessTokenSeconds: 300,
  authorizationCodeSeconds: 60,
  algorithmsWithoutKey: [],
}

test.each<[string, Partial<ServerFacts>, Record<string, unknown>]>([
  ['server-https', {}, { token_endpoint: 'http://auth.example/token' }],
  ['server-code-only', {}, { response_types_supported: ['code', 'id_token token'] }],
  ['server-no-password-grant', {}, { grant_types_supported: ['password'] }],
  ['server-pkce', {}, { code_challenge_methods_supported: ['S256', 'plain'] }],
  ['server-pkce', {}, { code_challenge_methods_supported: undefined }],
  ['server-response-issuer', {}, { authorization_response_iss_parameter_supported: false }],
  ['server-algorithms', {}, { id_token_signing_alg_values_supported: ['ES256', 'HS256'] }],
  ['server-short-tokens', { accessTokenSeconds: 7200 }, {}],
  ['server-revocation', {}, { revocation_endpoint: undefined }],
  ['server-keys', { algorithmsWithoutKey: ['ES256'] }, {}],
  ['server-par', {}, { pushed_authorization_request_endpoint: undefined }],
  ['server-sender-constraint', {}, { dpop_signing_alg_values_supported: undefined }],
  ['server-assertions', {}, { token_endpoint_auth_methods_supported: ['none'] }],
  ['server-fapi-algorithms', {}, { id_token_signing_alg_values_supported: ['RS256'] }],
  ['server-short-codes', { authorizationCodeSeconds: 600 }, {}],
])('%s fails for a server that breaks it', (id, changes, metadata) => {
  const facts = { ...modelServer, ...changes, metadata: { ...modelServer.metadata, ...metadata } }
  expect(failuresOf(judge(serverRules, modelServer))).toEqual([])
  expect(failuresOf(judge(serverRules, facts))).toEqual([
    id,
    ...(id === 'server-sender-constraint' ? ['server-fapi-algorithms'] : []),
  ])
})

test('every rule has an id of its own', () => {
  const names = [...serverRules, ...clientRules].map(({ id }) => id)
  expect(new Set(names).size).toBe(names.length)
})
