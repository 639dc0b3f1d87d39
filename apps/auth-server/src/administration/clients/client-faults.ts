import { invalidRequest, type ProblemFault } from '@alicerce/service-kit'
import { ClientMetadataError, redirectFault } from '#src/clients/client-rules.ts'
import type { ClientSettings } from './client-settings.ts'

/**
 * Refuses settings that no client may have, all of them at once and each at its field (SV-03).
 * @throws {Problem} 400
 */
export function refuseUnsafe(settings: ClientSettings): void {
  const faults = (['redirectUris', 'postLogoutRedirectUris'] as const).flatMap((list) =>
    settings[list].flatMap((uri, index): ProblemFault[] => {
      const fault = redirectFault(uri, settings.applicationType)
      return fault ? [{ pointer: `#/${list}/${index}`, detail: `${uri} ${fault}` }] : []
    }),
  )
  // RFC 7517 §9.3: whoever has a private key of the client is the client.
  if (settings.jwks?.keys.some((key) => 'd' in key || 'k' in key))
    faults.push({
      pointer: '#/jwks',
      detail: 'must hold public keys only. Keep the private part to yourself',
    })
  if (faults.length > 0) throw invalidRequest('These settings would not be safe.', faults)
}

/**
 * What the provider finds wrong, as a problem of the request.
 * @throws {Problem} 400
 */
export async function withFaults<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof ClientMetadataError)
      throw invalidRequest(`These settings do not fit: ${error.message}`)
    throw error
  }
}
