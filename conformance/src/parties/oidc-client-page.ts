import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { fileURLToPath } from 'node:url'

/** A page that does nothing but use oidc-client-ts, as its own readme shows it. What came of each step is in its `output`. */
const page = ({ issuer, url }: { issuer: string; url: string }) => `<!doctype html>
<title>oidc-client-ts</title>
<button id="sign-in">Sign in</button>
<button id="renew">Renew</button>
<button id="revoke">Revoke</button>
<button id="sign-out">Sign out</button>
<output id="result"></output>
<script src="/oidc-client-ts.js"></script>
<script>
  const manager = new oidc.UserManager({
    authority: ${JSON.stringify(issuer)},
    client_id: 'page',
    redirect_uri: ${JSON.stringify(url)},
    post_logout_redirect_uri: ${JSON.stringify(url)},
    scope: 'openid profile email',
    loadUserInfo: true,
    automaticSilentRenew: false,
  })
  const show = (value) => (document.querySelector('#result').textContent = JSON.stringify(value))
  const on = (id, act) =>
    document.querySelector('#' + id).addEventListener('click', () => act().catch((error) => show({ error: String(error) })))
  on('sign-in', () => manager.signinRedirect())
  on('renew', async () => {
    const before = await manager.getUser()
    const after = await manager.signinSilent()
    show({ renewed: after.access_token !== before.access_token, sub: after.profile.sub })
  })
  on('revoke', async () => {
    const { refresh_token: refreshToken } = await manager.getUser()
    await manager.revokeTokens(['refresh_token'])
    show({ revoked: refreshToken })
  })
  on('sign-out', () => manager.signoutRedirect())
  if (location.search.includes('code='))
    manager.signinRedirectCallback().then(({ profile }) => show({ profile }), (error) => show({ error: String(error) }))
</script>`

/** Serves the page and the library, as it comes from npm. */
export async function startOidcClientPage({ port, issuer }: { port: number; issuer: string }) {
  const url = `http://localhost:${port}/`
  const library = await readFile(
    fileURLToPath(
      import.meta.resolve('oidc-client-ts').replace(/dist\/.*$/, 'dist/browser/oidc-client-ts.min.js'),
    ),
  )
  const server = createServer(({ url: target = '' }, response) => {
    const isLibrary = target === '/oidc-client-ts.js'
    response.setHeader('content-type', isLibrary ? 'text/javascript' : 'text/html')
    response.end(isLibrary ? library : page({ issuer, url }))
  })
  server.listen(port, 'localhost')
  await once(server, 'listening')
  return {
    url,
    async stop() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
