import { createHash, randomInt } from 'node:crypto'
import type { Database, Transaction } from '@alicerce/database'
import type { Tables } from '#src/schema.ts'

/** Codes to print, for whoever has lost the app and the passkeys. Each works once. */
export type RecoveryCodes = {
  /** How many are left. */
  left(accountId: string): Promise<number>
  /** New ones in place of all before, in clear for this once. */
  renew(tx: Transaction<Tables>, accountId: string): Promise<string[]>
  /** Whether the code is right and was not used before. Of many uses at once one is right. */
  use(tx: Transaction<Tables>, accountId: string, code: string): Promise<boolean>
  removeAll(tx: Transaction<Tables>, accountId: string): Promise<void>
}

const codeCount = 10
const groupLength = 5
const groupCount = 3
/** 32 signs, none of which is taken for another: 75 bits in a code. */
const alphabet = '0123456789abcdefghjkmnpqrstvwxyz'

/** Recovery codes, hashed in PostgreSQL. Nobody can try 2^75 of them, so the hash needs no salt but the account. */
export function createRecoveryCodes({ database }: { database: Database<Tables> }): RecoveryCodes {
  return {
    async left(accountId) {
      const rows = await database.query
        .selectFrom('recovery_code')
        .select('account_id')
        .where('account_id', '=', accountId)
        .where('used_at', 'is', null)
        .execute()
      return rows.length
    },
    async renew(tx, accountId) {
      const codes = Array.from({ length: codeCount }, newCode)
      await removeAll(tx, accountId)
      await tx.query
        .insertInto('recovery_code')
        .values(codes.map((code) => ({ account_id: accountId, code_hash: hashOf(accountId, code) })))
        .execute()
      return codes
    },
    async use(tx, accountId, code) {
      const { numUpdatedRows } = await tx.query
        .updateTable('recovery_code')
        .set({ used_at: new Date() })
        .where('account_id', '=', accountId)
        .where('code_hash', '=', hashOf(accountId, code))
        .where('used_at', 'is', null)
        .executeTakeFirst()
      return numUpdatedRows > 0n
    },
    removeAll,
  }
}

async function removeAll(tx: Transaction<Tables>, accountId: string): Promise<void> {
  await tx.query.deleteFrom('recovery_code').where('account_id', '=', accountId).execute()
}

const newCode = () =>
  Array.from({ length: groupCount }, () =>
    Array.from({ length: groupLength }, () => alphabet[randomInt(alphabet.length)]).join(''),
  ).join('-')

/** As people type it: with or without hyphens and capitals, and with the letters that look like digits. */
const hashOf = (accountId: string, code: string) => {
  const normal = code.toLowerCase().replaceAll(/[\s-]/g, '').replaceAll('o', '0').replaceAll(/[il]/g, '1')
  return createHash('sha256').update(`${accountId}\0${normal}`).digest()
}
