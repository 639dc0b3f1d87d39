/** What the web app must know of the platform it is served by; none of it is secret. */
export type Configuration = {
  /** Issuer identifier of the auth server. */
  issuer: string
  clientId: string
  /** The resource for which access tokens are asked (RFC 8707). */
  audience: string
}

/** Asks the gateway for the configuration. Throws with a sentence when it does not answer or answers something else. */
export async function loadConfiguration(
  fetch: typeof globalThis.fetch = globalThis.fetch,
): Promise<Configuration> {
  const response = await fetch('/configuration.json', { cache: 'no-cache' })
  if (!response.ok) throw new Error(`The gateway answered ${response.status} for /configuration.json.`)
  const value: unknown = await response.json()
  const missing = (['issuer', 'clientId', 'audience'] as const).filter(
    (key) => typeof (value as Record<string, unknown> | null)?.[key] !== 'string',
  )
  if (missing.length > 0) throw new Error(`/configuration.json lacks ${missing.join(', ')}.`)
  return value as Configuration
}
