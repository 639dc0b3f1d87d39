import { webApp } from './parties.ts'
import { currentPlatform } from './platform.ts'

/** A client as an administrator makes it; each test changes what it is about. */
const usual = {
  ...{ name: 'Client of a test', applicationType: 'web', authentication: 'none', profile: 'oauth2.1' },
  ...{ grantTypes: ['authorization_code', 'refresh_token'], redirectUris: ['https://test.example/callback'] },
  ...{ postLogoutRedirectUris: [], scopes: ['openid', 'profile'], apiScopes: ['orders:read'] },
  ...{ firstParty: true, dpopBound: false, requirePar: false },
  ...{ jwksUri: null, jwks: null, backchannelLogoutUri: null, homepage: null },
}

type Answer = { status: number; body: { client?: { id: string }; secret?: string } }

/** Registers clients as an administrator does. */
export async function createRegistrar(): Promise<(settings: object) => Promise<Answer>> {
  const { access_token } = await webApp().signIn('admin@alicerce.test')
  return async (settings) => {
    const response = await fetch(`${currentPlatform().issuer}/administration/clients`, {
      method: 'POST',
      headers: { authorization: `Bearer ${access_token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ ...usual, ...settings }),
    })
    return { status: response.status, body: (await response.json()) as Answer['body'] }
  }
}
