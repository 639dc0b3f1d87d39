import { createMachine, createProofs } from '@alicerce/testing'
import * as oauth from 'oauth4webapi'
import { beforeAll, expect, test } from 'vitest'
import { newCustomer, webApp } from '#src/platform/parties.ts'
import { currentPlatform } from '#src/platform/platform.ts'

const { issuer } = currentPlatform()
const insecure = { [oauth.allowInsecureRequests]: true }
const audience = 'urn:alicerce:api'

let server: oauth.AuthorizationServer
beforeAll(async () => {
  server = await discover('oidc')
})

async function discover(algorithm: 'oidc' | 'oauth2') {
  const url = new URL(issuer)
  return oauth.processDiscoveryResponse(url, await oauth.discoveryRequest(url, { algorithm, ...insecure }))
}

const request = (headers: Record<string, string>) => new Request('https://api.example/orders', { headers })
const validate = (headers: Record<string, string>, expected = audience) =>
  oauth.validateJwtAccessToken(server, request(headers), expected, insecure)

test('oauth4webapi finds the same metadata at both well-known places', async () => {
  expect(await discover('oauth2')).toEqual(server)
})

test('oauth4webapi judges an access token to be one of RFC 9068, for this API alone', async () => {
  const { access_token: token } = await webApp().signIn()
  const claims = await validate({ authorization: `Bearer ${token}` })
  expect(claims).toMatchObject({ iss: issuer, aud: audience, client_id: 'web' })
  await expect(validate({ authorization: `Bearer ${token}` }, 'urn:other')).rejects.toThrow()
  const [header, payload, signature = ''] = token.split('.')
  const forged = `${header}.${payload}.${signature.slice(0, -4)}AAAA`
  await expect(validate({ authorization: `Bearer ${forged}` })).rejects.toThrow()
})

test('oauth4webapi takes an ID token for no access token', async () => {
  const { tokens } = await newCustomer()
  await expect(validate({ authorization: `Bearer ${tokens.id_token}` })).rejects.toThrow()
})

test('oauth4webapi judges a bound token by its proof', async () => {
  const prove = await createProofs()
  const { fields } = await webApp().code()
  const machine = createMachine(currentPlatform(), { id: 'web' })
  const { body } = await machine.token(fields, { dpop: await prove('POST', `${issuer}/token`) })
  const token = body.access_token as string
  const proof = (url: string) => prove('GET', url, { ath: prove.ath(token) })
  const authorization = `DPoP ${token}`
  const claims = await validate({ authorization, dpop: await proof('https://api.example/orders') })
  expect(claims.cnf).toEqual({ jkt: prove.thumbprint })
  await expect(validate({ authorization, dpop: await proof('https://api.example/x') })).rejects.toThrow()
  await expect(validate({ authorization: `Bearer ${token}` })).rejects.toThrow()
})
