import { type Migrations, outboxMigration } from '@alicerce/database'
import { createAccounts } from './2026-11-23t10-00-create-accounts.ts'
import { rotateSigningKeys } from './2026-11-23t20-00-rotate-signing-keys.ts'
import { createClients } from './2026-11-23t20-05-create-clients.ts'
import { createSecondFactors } from './2026-11-23t20-30-create-second-factors.ts'
import { createExternalIdentities } from './2026-11-23t20-40-create-external-identities.ts'
import { createRoles } from './2026-11-23t20-50-create-roles.ts'
import { indexAudit } from './2026-11-23t20-55-index-audit.ts'
import { createSessionDevices } from './2026-11-23t21-20-create-session-devices.ts'
import { createMail } from './2026-11-26t10-00-create-mail.ts'
import { verifyAddresses } from './2026-11-26t10-40-verify-addresses.ts'
import { waitForAddresses } from './2026-11-26t16-20-wait-for-addresses.ts'
import { countAttempts } from './2026-11-26t16-50-count-attempts.ts'

/** All migrations of the auth server, in the order of their names. */
export const authServerMigrations: Migrations = {
  '2026-11-23T10-00-create-accounts': createAccounts,
  '2026-11-23T10-10-create-outbox': outboxMigration,
  '2026-11-23T20-00-rotate-signing-keys': rotateSigningKeys,
  '2026-11-23T20-05-create-clients': createClients,
  '2026-11-23T20-30-create-second-factors': createSecondFactors,
  '2026-11-23T20-40-create-external-identities': createExternalIdentities,
  '2026-11-23T20-50-create-roles': createRoles,
  '2026-11-23T20-55-index-audit': indexAudit,
  '2026-11-23T21-20-create-session-devices': createSessionDevices,
  '2026-11-26T10-00-create-mail': createMail,
  '2026-11-26T10-40-verify-addresses': verifyAddresses,
  '2026-11-26T16-20-wait-for-addresses': waitForAddresses,
  '2026-11-26T16-50-count-attempts': countAttempts,
}
