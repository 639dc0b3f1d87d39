import type { Database } from '@alicerce/database'
import type { Clock } from '@alicerce/service-kit'
import type { JWK } from 'jose'
import type { Accounts } from '#src/accounts/accounts.ts'
import type { LogoutNotices } from '#src/backchannel-logout/logout-notices.ts'
import type { Clients } from '#src/clients/clients.ts'
import type { AuthServerConfig } from '#src/config.ts'
import type { Consents } from '#src/consents/consents.ts'
import type { Revocations } from '#src/revocations/revocations.ts'
import type { Roles } from '#src/roles/roles.ts'
import type { Tables } from '#src/schema.ts'

/** What the provider is made of. */
export type ProviderParts = {
  config: AuthServerConfig
  database: Database<Tables>
  accounts: Accounts
  clients: Clients
  consents: Consents
  roles: Roles
  revocations: Revocations
  logoutNotices: LogoutNotices
  clock: Clock
  /** Private keys; of each algorithm the first signs. */
  keys: JWK[]
}
