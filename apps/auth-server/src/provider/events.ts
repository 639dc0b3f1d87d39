import type { EventEmitter } from 'node:events'
import type { Log } from '@alicerce/service-kit'
import type { KoaContextWithOIDC, Provider } from 'oidc-provider'

/** Writes down what the provider tells by events: refusals with their true reason, which clients never see (F-18). */
export function logProviderEvents(provider: Provider, { log }: { log: Log }): void {
  const refused =
    (what: string) =>
    (context: KoaContextWithOIDC, error: Error & { error?: string; error_detail?: string }) =>
      log.info(
        { path: context.path, error: error.error ?? error.name, detail: error.error_detail ?? error.message },
        what,
      )
  provider.on('authorization.error', refused('An authorization request was refused'))
  provider.on('grant.error', refused('A token request was refused'))
  provider.on('revocation.error', refused('A revocation was refused'))
  provider.on('end_session.error', refused('A sign-out was refused'))
  provider.on('server_error', (context, error) =>
    log.error({ path: context.path, error }, 'The provider failed'),
  )
  // Koa writes to stderr where nobody listens.
  const koa: EventEmitter = provider
  koa.on('error', (error: Error) => log.error({ error }, 'A request failed'))
}
