import { randomUUID } from 'node:crypto'
import type { Database, Outbox, Transaction } from '@alicerce/database'
import type { DomainEvent } from '@alicerce/events'
import type { Selectable } from 'kysely'
import type { Tables } from '#src/schema.ts'
import type { Account, AccountRole } from './account.ts'
import { notePasswordSignIn, type PasswordSignIn } from './note-sign-in.ts'

/** The outbox topic of account events. */
export const eventTopic = 'event'

/** What a new account is made of. */
export type NewAccount = {
  id?: string
  email: string
  name: string
  locale: string
  /** None where the person signs in elsewhere. */
  passwordHash?: string
  roles: AccountRole[]
  /** Whether somebody we trust has seen to it that the address is the person's. Default: no. */
  emailVerified?: boolean
}

/** Accounts in PostgreSQL. Each change leaves as an event with the account's whole state. */
export type Accounts = {
  find(id: string): Promise<Account | undefined>
  findByEmail(email: string): Promise<(Account & { passwordHash: string | undefined }) | undefined>
  /** Undefined where the e-mail is taken. */
  create(tx: Transaction<Tables>, account: NewAccount): Promise<Account | undefined>
  /** The account, locked until the transaction ends. */
  lock(tx: Transaction<Tables>, id: string): Promise<Account | undefined>
  change(
    tx: Transaction<Tables>,
    id: string,
    changes: Partial<Pick<Account, 'roles' | 'status'>>,
  ): Promise<Account>
  /** The person has shown that the address is his. */
  confirmEmail(tx: Transaction<Tables>, id: string): Promise<void>
  /** Takes away all that tells whose account it was, so that nobody signs in to it again and its e-mail address is free. */
  forget(tx: Transaction<Tables>, id: string): Promise<void>
  /** Whether the account is active still: it may have been disabled while the password was looked at. */
  noteSignIn(tx: Transaction<Tables>, id: string): Promise<boolean>
  /** The same for a sign-in by password, with its line in the audit log; the failures before it from this address are forgotten. */
  notePasswordSignIn(signIn: PasswordSignIn): Promise<boolean>
  /** Another password, or the same one hashed anew: nothing that anybody else sees changes. */
  replacePasswordHash(id: string, passwordHash: string, tx?: Transaction<Tables>): Promise<void>
}

/** Named one by one, so that the statements are kept prepared over migrations. */
export const accountColumns = [
  ...(['id', 'email', 'email_verified_at', 'name', 'locale', 'roles', 'status'] as const),
  ...(['version', 'created_at', 'last_sign_in_at'] as const),
]

/** What is read of an account. */
export type AccountRow = Pick<Selectable<Tables['account']>, (typeof accountColumns)[number]>

/** The account that was read. */
export const accountOf = (row: AccountRow): Account => ({
  id: row.id,
  email: row.email,
  emailVerified: row.email_verified_at !== null,
  name: row.name,
  locale: row.locale,
  roles: row.roles as AccountRole[],
  status: row.status,
  version: row.version,
  createdAt: row.created_at.toISOString(),
  lastSignInAt: row.last_sign_in_at?.toISOString() ?? null,
})

/** Accounts whose events leave through the outbox. */
export function createAccounts({
  database,
  outbox,
}: {
  database: Database<Tables>
  outbox: Outbox
}): Accounts {
  const announce = async (tx: Transaction<Tables>, type: string, account: Account) => {
    const { id, email, name, locale, roles, status, createdAt, version } = account
    const data = { id, email, name, locale, roles, status, createdAt, version }
    const event: DomainEvent = { id: randomUUID(), type, subject: id, time: new Date().toISOString(), data }
    await outbox.append(tx, [{ topic: eventTopic, key: id, payload: event }])
    return account
  }
  return {
    async find(id) {
      if (!isUuid(id)) return undefined
      const row = await database.query
        .selectFrom('account')
        .select(accountColumns)
        .where('id', '=', id)
        .executeTakeFirst()
      return row && accountOf(row)
    },
    async findByEmail(email) {
      const row = await database.query
        .selectFrom('account')
        .select([...accountColumns, 'password_hash'])
        .where('email', '=', normalEmail(email))
        .executeTakeFirst()
      return row && { ...accountOf(row), passwordHash: row.password_hash ?? undefined }
    },
    async create(tx, { id, email, name, locale, passwordHash, roles, emailVerified = false }) {
      const row = await tx.query
        .insertInto('account')
        .values({
          ...(id && { id }),
          email: normalEmail(email),
          name,
          locale,
          password_hash: passwordHash ?? null,
          roles,
          status: 'active',
          email_verified_at: emailVerified ? new Date() : null,
        })
        .onConflict((conflict) => conflict.doNothing())
        .returningAll()
        .executeTakeFirst()
      return row && announce(tx, 'account.registered', accountOf(row))
    },
    async lock(tx, id) {
      if (!isUuid(id)) return undefined
      const row = await tx.query
        .selectFrom('account')
        .selectAll()
        .where('id', '=', id)
        .forUpdate()
        .executeTakeFirst()
      return row && accountOf(row)
    },
    async change(tx, id, changes) {
      const row = await tx.query
        .updateTable('account')
        .set((expression) => ({ ...changes, version: expression('version', '+', 1), updated_at: new Date() }))
        .where('id', '=', id)
        .returningAll()
        .executeTakeFirstOrThrow()
      return announce(tx, 'account.changed', accountOf(row))
    },
    async confirmEmail(tx, id) {
      const row = await tx.query
        .updateTable('account')
        .set((expression) => ({
          ...{ email_verified_at: new Date(), updated_at: new Date() },
          version: expression('version', '+', 1),
        }))
        .where('id', '=', id)
        .where('email_verified_at', 'is', null)
        .returningAll()
        .executeTakeFirst()
      // Each version is announced: whoever keeps a copy counts them.
      if (row) await announce(tx, 'account.changed', accountOf(row))
    },
    async forget(tx, id) {
      const row = await tx.query
        .updateTable('account')
        .set((expression) => ({
          ...{ email: `${id}@deleted.invalid`, name: 'Deleted account', password_hash: null, roles: [] },
          ...{ status: 'disabled' as const, last_sign_in_at: null, updated_at: new Date() },
          email_verified_at: null,
          version: expression('version', '+', 1),
        }))
        .where('id', '=', id)
        .returningAll()
        .executeTakeFirstOrThrow()
      await announce(tx, 'account.deleted', accountOf(row))
    },
    async noteSignIn(tx, id) {
      const { numUpdatedRows } = await tx.query
        .updateTable('account')
        .set({ last_sign_in_at: new Date() })
        .where('id', '=', id)
        .where('status', '=', 'active')
        .executeTakeFirst()
      return numUpdatedRows > 0n
    },
    notePasswordSignIn: (signIn) => notePasswordSignIn(database, signIn),
    async replacePasswordHash(id, passwordHash, tx) {
      await (tx ?? database).query
        .updateTable('account')
        .set({ password_hash: passwordHash })
        .where('id', '=', id)
        .execute()
    },
  }
}

/** E-mail addresses are compared without case and surrounding space. */
export const normalEmail = (email: string) => email.trim().toLowerCase()

/** Whether a text can be the id of an account. */
export const isUuid = (text: string) => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text)
