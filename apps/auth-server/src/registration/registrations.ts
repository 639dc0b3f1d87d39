import { randomInt, randomUUID } from 'node:crypto'
import type { Database, Outbox, Transaction } from '@alicerce/database'
import type { Clock } from '@alicerce/service-kit'
import type { Account } from '#src/accounts/account.ts'
import type { Accounts } from '#src/accounts/accounts.ts'
import { createKeyedHash } from '#src/keys/keyed-hash.ts'
import type { MailPort } from '#src/mail/mail.ts'
import type { Language } from '#src/pages/language.ts'
import { text } from '#src/pages/texts.ts'
import type { Tables } from '#src/schema.ts'

/** The outbox topic of registrations whose address is to be asked. */
export const registrationTopic = 'registration'

/** What somebody has typed who wants an account. */
export type NewRegistration = { email: string; name: string; passwordHash: string; language: Language }

/** What came of a code. `taken`: it was right, and the address got an account in the meantime. */
export type Confirmation = { account: Account } | { fault: 'wrong' | 'over' | 'taken' }

/**
 * Registrations that wait until their person has shown that the address is his, by a code that comes by mail. The request of the browser only
 * leaves one, whatever the address: whether it has an account already is looked up by the relay, and only its mailbox is told (AS-27).
 */
export type Registrations = {
  /** @returns its id, which only this browser gets to know */
  leave(registration: NewRegistration): Promise<string>
  /** The relay's handler. @throws where the mail was not taken */
  deliver(message: { payload: unknown }): Promise<void>
  /** Makes the account, once, where the code is the one that was sent. `done` belongs to the same transaction. */
  confirm(
    id: string,
    code: string,
    done: (tx: Transaction<Tables>, account: Account) => Promise<void>,
  ): Promise<Confirmation>
}

const lifetimeMilliseconds = 30 * 60_000
const mostTries = 5
const codeDigits = 8

/**
 * Registrations in PostgreSQL. The first of the keys keeps a copy of the database from telling the codes, which are short; a code that was sent under
 * another of them still counts.
 */
export function createRegistrations(parts: {
  database: Database<Tables>
  outbox: Outbox
  accounts: Accounts
  mail: MailPort
  keys: readonly string[]
  issuer: string
  clock: Clock
}): Registrations {
  const { database, outbox, accounts, mail, issuer, clock } = parts
  const codes = createKeyedHash(parts.keys, 'registration code')
  const told = (id: string, code: string) => `${id} ${code}`

  async function newCode(id: string): Promise<string> {
    const code = String(randomInt(10 ** codeDigits)).padStart(codeDigits, '0')
    await database.query
      .updateTable('registration')
      .set({ code_hash: codes.of(told(id, code)) })
      .where('id', '=', id)
      .execute()
    return `${code.slice(0, 4)} ${code.slice(4)}`
  }

  /** Counts the try before the code is looked at, so that many at once are counted too. */
  const tryOnce = (id: string) =>
    database.query
      .updateTable('registration')
      .set((expression) => ({ tries: expression('tries', '+', 1) }))
      .where('id', '=', id)
      .where('tries', '<', mostTries)
      .where('expires_at', '>', new Date(clock.now()))
      .returningAll()
      .executeTakeFirst()

  return {
    async leave({ email, name, passwordHash, language }) {
      const id = randomUUID()
      const expires = new Date(clock.now() + lifetimeMilliseconds)
      await database.transaction(async (tx) => {
        const row = { id, email, name, password_hash: passwordHash, locale: language, expires_at: expires }
        await tx.query.insertInto('registration').values(row).execute()
        await outbox.append(tx, [{ topic: registrationTopic, key: email, payload: { id } }])
      })
      return id
    },
    async deliver({ payload }) {
      const { id } = payload as { id: string }
      const row = await database.query
        .selectFrom('registration')
        .select(['email', 'name', 'locale'])
        .where('id', '=', id)
        .executeTakeFirst()
      if (!row) return
      const language = row.locale as Language
      const send = (subject: string, body: string) => mail.send({ to: row.email, subject, text: body })
      if (await accounts.findByEmail(row.email))
        return send(text(language, 'knownMailSubject'), text(language, 'knownMailText', { issuer }))
      const values = { name: row.name, code: await newCode(id) }
      await send(text(language, 'codeMailSubject'), text(language, 'codeMailText', values))
    },
    async confirm(id, code, done) {
      const waiting = await tryOnce(id)
      if (!waiting) return { fault: 'over' }
      const expected = waiting.code_hash
      if (!expected || !codes.isOf(told(id, code.replaceAll(/\s/g, '')), expected)) return { fault: 'wrong' }
      return database.transaction(async (tx): Promise<Confirmation> => {
        const row = await tx.query
          .deleteFrom('registration')
          .where('id', '=', id)
          .returningAll()
          .executeTakeFirst()
        if (!row) return { fault: 'over' }
        const { email, name, locale, password_hash: passwordHash } = row
        const account = await accounts.create(tx, {
          ...{ email, name, locale, passwordHash, roles: ['customer'], emailVerified: true },
        })
        if (!account) return { fault: 'taken' }
        await done(tx, account)
        return { account }
      })
    },
  }
}
