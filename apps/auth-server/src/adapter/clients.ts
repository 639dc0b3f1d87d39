import type { Adapter } from 'oidc-provider'
import type { Clients } from '#src/clients/clients.ts'

/** Clients, which the provider only reads: they are made and changed by administrators. */
export const createClientAdapter = (clients: Clients): Adapter => ({
  find: (id) => clients.metadataOf(id),
  upsert: refused,
  destroy: refused,
  consume: refused,
  findByUid: refused,
  findByUserCode: refused,
  revokeByGrantId: refused,
})

async function refused(): Promise<never> {
  throw new TypeError('The provider does not change clients')
}
