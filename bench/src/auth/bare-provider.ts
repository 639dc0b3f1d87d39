// A process of its own: oidc-provider as its documentation begins, on its in-memory store. It makes the same tokens as our server.
import { createServer } from 'node:http'
import { exportJWK, generateKeyPair } from 'jose'
import Provider, { type KoaContextWithOIDC } from 'oidc-provider'
import { client, metadata } from './client.ts'

const port = Number(process.argv[2])
const { privateKey } = await generateKeyPair('ES256', { extractable: true })
const provider = new Provider(`http://localhost:${port}`, {
  clients: [{ ...metadata, id_token_signed_response_alg: 'ES256' }],
  jwks: { keys: [{ ...(await exportJWK(privateKey)), alg: 'ES256', use: 'sig' }] },
  cookies: { keys: ['a-cookie-key-of-the-benchmark'] },
  scopes: ['openid', 'offline_access'],
  rotateRefreshToken: true,
  issueRefreshToken: async () => true,
  findAccount: async (_context, id) => ({ accountId: id, claims: async () => ({ sub: id }) }),
  loadExistingGrant,
  features: {
    devInteractions: { enabled: false },
    clientCredentials: { enabled: true },
    introspection: { enabled: true },
    resourceIndicators: {
      enabled: true,
      useGrantedResource: async () => true,
      getResourceServerInfo: async (_context, audience) => ({
        scope: 'orders:read',
        audience,
        accessTokenFormat: 'jwt',
        jwt: { sign: { alg: 'ES256' } },
      }),
    },
  },
})

/** Everything is granted. */
async function loadExistingGrant({ oidc }: KoaContextWithOIDC) {
  const { session } = oidc
  const known = session?.grantIdFor(client.id)
  const found = known ? await oidc.provider.Grant.find(known) : undefined
  if (found || !session?.accountId) return found
  const grant = new oidc.provider.Grant({ clientId: client.id, accountId: session.accountId })
  grant.addOIDCScope('openid offline_access')
  grant.addResourceScope(client.resource, 'orders:read')
  await grant.save()
  return grant
}

// Whoever comes is signed in at once: what is measured begins after that.
provider.use(async (context, next) => {
  if (!context.path.startsWith('/interaction/')) return next()
  context.respond = false
  const { prompt } = await provider.interactionDetails(context.req, context.res)
  const result = prompt.name === 'login' ? { login: { accountId: crypto.randomUUID() } } : { consent: {} }
  await provider.interactionFinished(context.req, context.res, result)
})

createServer(provider.callback()).listen(port, '127.0.0.1', () => process.send?.('ready'))
