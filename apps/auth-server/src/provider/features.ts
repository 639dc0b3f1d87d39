import { hkdfSync } from 'node:crypto'
import { currentTraceId } from '@alicerce/service-kit'
import { type Client, type Configuration, errors, type KoaContextWithOIDC } from 'oidc-provider'
import { allowFormTarget } from '#src/http/security-headers.ts'
import { confirmDevicePage, deviceCodePage, deviceDonePage } from '#src/pages/device-pages.ts'
import { errorPage } from '#src/pages/error-page.ts'
import { languageOf } from '#src/pages/language.ts'
import { confirmSignOutPage, signedOutPage } from '#src/pages/sign-out-pages.ts'
import type { ProviderParts } from './provider-parts.ts'
import { asksForPersonOnly, createResourceServerInfo } from './resources.ts'

/** Which parts of the protocol are offered, and their pages. */
export function featuresOf(parts: ProviderParts): Pick<Configuration, 'features' | 'renderError'> {
  const { config } = parts
  const home = config.WEB_APP_URL
  return {
    renderError: async (context, out) => {
      context.type = 'html'
      const options = { language: languageOf(context), error: out.error, traceId: currentTraceId(), home }
      context.body = errorPage(options)
    },
    features: {
      devInteractions: { enabled: false },
      userinfo: { enabled: true },
      // For `Es256Key`. The provider calls it experimental: a version that changes it does not start with this acknowledgement.
      externalSigningSupport: { enabled: true, ack: 'experimental-01' },
      clientCredentials: { enabled: true },
      pushedAuthorizationRequests: { enabled: true },
      backchannelLogout: { enabled: true },
      dPoP: {
        enabled: true,
        // The same in every process, so that any of them takes a nonce of any other.
        nonceSecret: Buffer.from(
          hkdfSync('sha256', config.KEY_ENCRYPTION_KEY[0] as string, '', 'dpop nonce', 32),
        ),
        requireNonce: ({ oidc }) => oidc.client?.profile === 'fapi2',
      },
      fapi: {
        enabled: true,
        profile: (_context, client) => (client?.profile === 'fapi2' ? '2.0' : undefined),
      },
      revocation: {
        enabled: true,
        allowedPolicy: async (_context, client, token) => token.clientId === client.clientId,
      },
      introspection: {
        enabled: true,
        allowedPolicy: async (_context, client, token) => mayIntrospect(client, token),
      },
      resourceIndicators: {
        enabled: true,
        defaultResource: async ({ oidc }) =>
          asksForPersonOnly(oidc.params?.scope) ? undefined : config.API_AUDIENCE,
        useGrantedResource: async () => true,
        getResourceServerInfo: createResourceServerInfo(parts),
      },
      deviceFlow: deviceFlow(),
      rpInitiatedLogout: signOut(home),
    },
  }
}

/** A client sees its own tokens, a resource server those that were made for it; whoever cannot prove who he is sees nothing (RFC 7662 §2.1). */
export function mayIntrospect(
  client: Client,
  token: { clientId?: string | undefined; aud?: string | string[] | undefined },
): boolean {
  if (client.clientAuthMethod === 'none') return false
  if (token.clientId === client.clientId) return true
  return client.resourceServer !== undefined && [token.aud].flat().includes(client.resourceServer as string)
}

type Features = NonNullable<Configuration['features']>

/** Signing in on a device without a keyboard (RFC 8628). */
function deviceFlow(): NonNullable<Features['deviceFlow']> {
  return {
    enabled: true,
    charset: 'base-20',
    mask: '****-****',
    userCodeInputSource: async (context, form, _out, error) => {
      const wrong = error && !(error instanceof errors.OIDCProviderError && error.error === 'access_denied')
      context.body = deviceCodePage({ language: languageOf(context), form, wrong: Boolean(wrong) })
    },
    userCodeConfirmSource: async (context, form, client, _device, userCode) => {
      const name = client.clientName ?? client.clientId
      context.body = confirmDevicePage({ language: languageOf(context), form, client: name, userCode })
    },
    successSource: async (context) => {
      context.body = deviceDonePage({ language: languageOf(context) })
    },
  }
}

function signOut(home: string): NonNullable<Features['rpInitiatedLogout']> {
  return {
    enabled: true,
    logoutSource: async (context, form) => {
      allowFormTarget(context, context.oidc.params?.post_logout_redirect_uri)
      const automatic = isCertain(context)
      context.body = confirmSignOutPage({ language: languageOf(context), form, automatic })
    },
    postLogoutSuccessSource: async (context) => {
      context.body = signedOutPage({ language: languageOf(context), home })
    },
  }
}

/** An ID token has shown that the person of this session asks. */
function isCertain({ oidc }: KoaContextWithOIDC): boolean {
  const hint = oidc.entities.IdTokenHint as { payload?: { sub?: string } } | undefined
  return hint?.payload?.sub !== undefined && hint.payload.sub === oidc.session?.accountId
}
