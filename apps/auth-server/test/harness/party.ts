import type { Cluster } from './cluster.ts'

export {
  claimsOf,
  createRelyingParty as createParty,
} from '@alicerce/testing'

/** Whether the account API, as a resource server, still takes the token: 403 is an answer, 401 a refusal. */
export async function isAlive(cluster: Cluster, accessToken: string): Promise<boolean> {
  const response = await fetch(`${cluster.issuer}/accounts/00000000-0000-7000-8000-000000000001`, {
    headers: { authorization: `Bearer ${accessToken}` },
  })
  await response.body?.cancel()
  return response.status !== 401
}
