import type { Database, Transaction } from '@alicerce/database'
import type { Clock } from '@alicerce/service-kit'
import { sql } from 'kysely'
import type { Throttle } from '#src/accounts/throttle.ts'
import { writeAudit } from '#src/audit/audit.ts'
import type { AuthServerConfig } from '#src/config.ts'
import type { KeyCipher } from '#src/keys/key-cipher.ts'
import type { Tables } from '#src/schema.ts'
import { createChallenges } from './challenges.ts'
import { createPasskeys, type Passkeys } from './passkeys.ts'
import { createRecoveryCodes, type RecoveryCodes } from './recovery-codes.ts'
import { createTotp, type Totp } from './totp.ts'

/** The kinds of second factor. */
export type FactorKind = 'totp' | 'recovery-code' | 'passkey'
/** Those that somebody types. */
export type CodeKind = Exclude<FactorKind, 'passkey'>

/** What became of a typed code; `wait` in seconds. */
export type CodeResult = { passed: true } | { passed: false; wait?: number }

/** What the accounts have besides their passwords. */
export type SecondFactors = {
  totp: Totp
  recoveryCodes: RecoveryCodes
  passkeys: Passkeys
  /** What the account can show after its password. Without any the password alone opens it. */
  of(accountId: string): Promise<FactorKind[]>
  /** Holds a typed code against the account's, counted so that nobody can guess, and audited. */
  check(attempt: { accountId: string; kind: CodeKind; code: string; address: string }): Promise<CodeResult>
  /** Takes everything away: the account opens with its password alone. */
  reset(tx: Transaction<Tables>, accountId: string): Promise<void>
}

/** What second factors need. */
export type SecondFactorParts = {
  config: Pick<AuthServerConfig, 'ISSUER_URL' | 'KEY_ENCRYPTION_KEY'>
  database: Database<Tables>
  cipher: KeyCipher
  throttle: Throttle
  clock: Clock
}

/** Second factors in PostgreSQL. */
export function createSecondFactors(parts: SecondFactorParts): SecondFactors {
  const { config, database, throttle } = parts
  const totp = createTotp(parts)
  const recoveryCodes = createRecoveryCodes(parts)
  const challenges = createChallenges({ ...parts, keyEncryptionKeys: config.KEY_ENCRYPTION_KEY })
  const passkeys = createPasskeys({ database, challenges, issuer: config.ISSUER_URL })
  const typed = { totp, 'recovery-code': recoveryCodes }
  return {
    totp,
    recoveryCodes,
    passkeys,
    async of(accountId) {
      const { rows } = await sql<{ totp: boolean; passkey: boolean; code: boolean }>`
        select
          exists (select from totp where account_id = ${accountId} and confirmed_at is not null) as totp,
          exists (select from passkey where account_id = ${accountId}) as passkey,
          exists (select from recovery_code where account_id = ${accountId} and used_at is null) as code`.execute(
        database.query,
      )
      const kinds: FactorKind[] = []
      if (rows[0]?.totp) kinds.push('totp')
      if (rows[0]?.passkey) kinds.push('passkey')
      if (rows[0]?.code && kinds.length > 0) kinds.push('recovery-code')
      return kinds
    },
    async check({ accountId, kind, code, address }) {
      const name = `${kind} ${accountId}`
      // Whoever guesses here knows the password already: all addresses count as one, or many of them would guess six digits soon.
      const wait = await throttle.attempt(name, name)
      if (wait > 0) return { passed: false, wait }
      const passed = await database.transaction(async (tx) => {
        const isRight = await typed[kind].use(tx, accountId, code)
        const outcome = isRight ? 'done' : 'refused'
        const entry = { actor: accountId, target: accountId, outcome, address, details: { kind } } as const
        await writeAudit(tx, { action: 'second-factor', ...entry })
        return isRight
      })
      if (passed) await throttle.clear(name, name)
      return { passed }
    },
    async reset(tx, accountId) {
      await totp.remove(tx, accountId)
      await recoveryCodes.removeAll(tx, accountId)
      await passkeys.removeAll(tx, accountId)
    },
  }
}
