/** What the web app must know of the platform it is served by; none of it is secret. */
export type Configuration = {
  /** Issuer identifier of the auth server. */
  issuer: string
  clientId: string
  /** The resource for which access tokens are asked (RFC 8707). */
  audience: string
  /** Whether tokens are bound to a key of this browser (RFC 9449). */
  boundTokens: boolean
  /** By how many seconds the gateway's clock is ahead of this computer's. */
  clockSkew: number
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
  const served = value as Omit<Configuration, 'clockSkew'>
  const date = Date.parse(response.headers.get('date') ?? '')
  return { ...served, clockSkew: Number.isNaN(date) ? 0 : Math.round((date - Date.now()) / 1000) }
}
