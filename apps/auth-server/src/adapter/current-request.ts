import { type KoaContextWithOIDC, Provider } from 'oidc-provider'

/** The provider's context of the request at work; `undefined` outside of requests. */
export const currentContext = () =>
  (Provider as unknown as { ctx?: KoaContextWithOIDC & { oidc: { session?: { oldId?: string } } } }).ctx

/** Who asks and from where, for the audit trail. */
export function requestOf(): { actor?: string; address?: string } {
  const context = currentContext()
  if (!context) return {}
  const actor = context.oidc.client?.clientId
  return { address: context.ip, ...(actor && { actor }) }
}
