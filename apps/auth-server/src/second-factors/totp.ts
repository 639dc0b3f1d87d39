import type { Database, Transaction } from '@alicerce/database'
import type { Clock } from '@alicerce/service-kit'
import type { Kysely } from 'kysely'
import { Secret, TOTP } from 'otpauth'
import type { KeyCipher } from '#src/keys/key-cipher.ts'
import type { Tables } from '#src/schema.ts'

/** Codes from an app (TOTP, RFC 6238): six digits, a new one every 30 seconds. */
export type Totp = {
  /** Whether the account has one that counts. */
  has(accountId: string): Promise<boolean>
  /** A new secret, which counts once {@link Totp.confirm} has seen a code of it. Undefined where the account has one that counts. */
  begin(accountId: string): Promise<string | undefined>
  /** The secret that waits for its first code, as base32. */
  pending(accountId: string): Promise<string | undefined>
  /** Whether the code is one of the secret that waits, which counts from now on. */
  confirm(tx: Transaction<Tables>, accountId: string, code: string): Promise<boolean>
  /** Whether the code is right now and was not used before. Of many uses at once one is right. */
  use(tx: Transaction<Tables>, accountId: string, code: string): Promise<boolean>
  /** Seals anew what an older key encryption key has sealed, so that this one can go. Several processes may do it at once. */
  sealAnew(): Promise<void>
  /** Whether there was one. */
  remove(tx: Transaction<Tables>, accountId: string): Promise<boolean>
}

const stepSeconds = 30
const secretBytes = 20

/** Secrets sealed in PostgreSQL, each bound to its account. */
export function createTotp({ database, cipher, clock }: TotpParts): Totp {
  const open = (accountId: string, sealed: Buffer) => cipher.open(sealName(accountId), sealed)

  /** The time step of a code: this one, the one before or the one after, since clocks differ (RFC 6238 §5.2). */
  function counterOf(secret: string, code: string): number | undefined {
    const now = clock.now()
    const token = code.replaceAll(/\s/g, '')
    if (!/^\d{6}$/.test(token)) return undefined
    const delta = generator(secret).validate({ token, timestamp: now, window: 1 })
    return delta === null ? undefined : Math.floor(now / 1000 / stepSeconds) + delta
  }

  const rowOf = (
    { query }: { readonly query: Kysely<Tables> },
    accountId: string,
    state: 'confirmed' | 'pending',
  ) =>
    query
      .selectFrom('totp')
      .select('sealed')
      .where('account_id', '=', accountId)
      .where('confirmed_at', state === 'pending' ? 'is' : 'is not', null)
      .executeTakeFirst()

  return {
    has: async (accountId) => Boolean(await rowOf(database, accountId, 'confirmed')),
    async begin(accountId) {
      const secret = new Secret({ size: secretBytes }).base32
      const sealed = cipher.seal(sealName(accountId), secret)
      const row = await database.query
        .insertInto('totp')
        .values({ account_id: accountId, sealed })
        .onConflict((conflict) =>
          conflict.column('account_id').doUpdateSet({ sealed }).where('totp.confirmed_at', 'is', null),
        )
        .returning('account_id')
        .executeTakeFirst()
      return row && secret
    },
    async pending(accountId) {
      const row = await rowOf(database, accountId, 'pending')
      return row && open(accountId, row.sealed)
    },
    async confirm(tx, accountId, code) {
      const row = await rowOf(tx, accountId, 'pending')
      const counter = row && counterOf(open(accountId, row.sealed), code)
      if (!row || counter === undefined) return false
      const { numUpdatedRows } = await tx.query
        .updateTable('totp')
        .set({ confirmed_at: new Date(), last_counter: counter })
        .where('account_id', '=', accountId)
        .where('confirmed_at', 'is', null)
        // Another tab may have begun anew meanwhile.
        .where('sealed', '=', row.sealed)
        .executeTakeFirst()
      return numUpdatedRows > 0n
    },
    async use(tx, accountId, code) {
      const row = await rowOf(tx, accountId, 'confirmed')
      const secret = row && open(accountId, row.sealed)
      const counter = secret && counterOf(secret, code)
      if (!row || !counter) return false
      const name = sealName(accountId)
      const outdated = cipher.isOutdated(name, row.sealed)
      const { numUpdatedRows } = await tx.query
        .updateTable('totp')
        .set({ last_counter: counter, ...(outdated && { sealed: cipher.seal(name, secret) }) })
        .where('account_id', '=', accountId)
        .where('confirmed_at', 'is not', null)
        .where('last_counter', '<', String(counter))
        .executeTakeFirst()
      return numUpdatedRows > 0n
    },
    async sealAnew() {
      if (!cipher.hasOlderKeys) return
      let after: string | undefined
      do after = await sealBatchAnew({ database, cipher }, after)
      while (after)
    },
    async remove(tx, accountId) {
      const { numDeletedRows } = await tx.query
        .deleteFrom('totp')
        .where('account_id', '=', accountId)
        .where('confirmed_at', 'is not', null)
        .executeTakeFirst()
      return numDeletedRows > 0n
    },
  }
}

const batch = 500

/** One batch of accounts, in the order of their ids. @returns where the next one begins, if there is one */
async function sealBatchAnew(
  { database: { query }, cipher }: Pick<TotpParts, 'database' | 'cipher'>,
  after: string | undefined,
): Promise<string | undefined> {
  const rows = await query
    .selectFrom('totp')
    .select(['account_id', 'sealed'])
    .$if(after !== undefined, (rest) => rest.where('account_id', '>', after as string))
    .orderBy('account_id')
    .limit(batch)
    .execute()
  for (const { account_id, sealed } of rows) {
    const name = sealName(account_id)
    if (!cipher.isOutdated(name, sealed)) continue
    await query
      .updateTable('totp')
      .set({ sealed: cipher.seal(name, cipher.open(name, sealed)) })
      .where('account_id', '=', account_id)
      // Another process may have sealed it, or its owner begun anew.
      .where('sealed', '=', sealed)
      .execute()
  }
  return rows.length < batch ? undefined : rows.at(-1)?.account_id
}

type TotpParts = { database: Database<Tables>; cipher: KeyCipher; clock: Clock }

const sealName = (accountId: string) => `totp ${accountId}`

const generator = (secret: string) =>
  new TOTP({ secret: Secret.fromBase32(secret), algorithm: 'SHA1', digits: 6, period: stepSeconds })

/** What a QR code tells the app: the `otpauth:` address of the secret. SHA-1, since many apps know nothing else. */
export const totpAddress = ({ secret, email }: { secret: string; email: string }): string =>
  new TOTP({
    issuer: 'Alicerce',
    label: email,
    secret: Secret.fromBase32(secret),
    algorithm: 'SHA1',
    digits: 6,
    period: stepSeconds,
  }).toString()
