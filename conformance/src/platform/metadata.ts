import { currentPlatform } from './platform.ts'

/** What the server says of itself. */
export async function metadataOf(
  document: 'openid-configuration' | 'oauth-authorization-server',
): Promise<Record<string, unknown>> {
  const response = await fetch(`${currentPlatform().issuer}/.well-known/${document}`)
  return (await response.json()) as Record<string, unknown>
}
