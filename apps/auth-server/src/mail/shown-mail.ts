import { randomUUID } from 'node:crypto'
import type { Database } from '@alicerce/database'
import type { KeyCipher } from '#src/keys/key-cipher.ts'
import type { Tables } from '#src/schema.ts'
import type { Mail, MailPort } from './mail.ts'

const most = 50

/** Shows mails instead of sending them, for development and demonstration. They hold links that open accounts, so they are sealed like keys. */
export function createShownMail({
  database: { query },
  cipher,
}: {
  database: Database<Tables>
  cipher: KeyCipher
}): MailPort {
  /** Nothing where the key that sealed it has gone meanwhile. */
  function opened(id: string, sealed: Buffer): Mail | undefined {
    try {
      return JSON.parse(cipher.open(id, sealed))
    } catch {
      return undefined
    }
  }

  return {
    async send(mail) {
      const id = randomUUID()
      await query
        .insertInto('shown_mail')
        .values({ id, sealed: cipher.seal(id, JSON.stringify(mail)) })
        .execute()
    },
    async shown() {
      const rows = await query
        .selectFrom('shown_mail')
        .selectAll()
        .orderBy('at', 'desc')
        .orderBy('id')
        .limit(most)
        .execute()
      return rows.flatMap(({ id, sealed, at }) => {
        const mail = opened(id, sealed)
        return mail ? [{ id, at, ...mail }] : []
      })
    },
    async close() {},
  }
}
