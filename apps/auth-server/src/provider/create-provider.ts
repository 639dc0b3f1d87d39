import { type Configuration, Provider } from 'oidc-provider'
import { createArtifactAdapter, createReplayDetection } from '#src/adapter/artifacts.ts'
import { createClientAdapter } from '#src/adapter/clients.ts'
import { createGrantEnding } from '#src/adapter/grant-ending.ts'
import { createRedemption } from '#src/adapter/redemption.ts'
import { createSessionAdapter } from '#src/adapter/sessions.ts'
import { leaveLogoutToNotices } from '#src/backchannel-logout/logout-notices.ts'
import { isSecretOf, type KeptSecret } from '#src/clients/client-secrets.ts'
import { createAccountsOfRequests } from './accounts-of-requests.ts'
import { protocolOf } from './protocol.ts'
import type { ProviderParts } from './provider-parts.ts'
import { answerStructuredTokens } from './structured-tokens.ts'
import { addTokenExchange } from './token-exchange.ts'

/** The OpenID Provider, configured as OAuth 2.1 asks: code only, PKCE always, exact redirects, rotating refresh tokens. */
export function createProvider(parts: ProviderParts): Provider {
  const { config, database, clients, clock } = parts
  const accountsOfRequests = createAccountsOfRequests(parts.accounts)
  const redemption = createRedemption({ database, accountsOfRequests })
  const stored = { ...parts, endGrant: createGrantEnding(parts), redemption }
  const adapters: Record<string, unknown> = {
    Session: createSessionAdapter(stored),
    Client: createClientAdapter(clients),
  }
  const provider = new Provider(config.ISSUER_URL, {
    ...protocolOf(parts, accountsOfRequests),
    adapter: (model: string) => adapters[model] ?? createArtifactAdapter(model, stored),
  } as Configuration)
  // What it then trusts is what `createAddressPin` has written.
  provider.proxy = true
  const replay = provider.ReplayDetection as unknown as { unique: ReturnType<typeof createReplayDetection> }
  replay.unique = createReplayDetection(database)
  const client = provider.Client.prototype as unknown as SecretHolder
  client.compareClientSecret = async function compare(this: SecretHolder, secret) {
    return isSecretOf(this.secretHashes ?? [], secret, clock.now())
  }
  leaveLogoutToNotices(provider)
  addTokenExchange(provider, parts)
  provider.use(answerStructuredTokens(provider, parts))
  return provider
}

/** Secrets are kept as hashes; the provider would compare them in clear (F-12). */
type SecretHolder = { secretHashes?: KeptSecret[]; compareClientSecret(secret: string): Promise<boolean> }
