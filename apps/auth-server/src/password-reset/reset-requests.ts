import type { Database, Outbox } from '@alicerce/database'
import type { Kysely } from 'kysely'
import { type Accounts, normalEmail } from '#src/accounts/accounts.ts'
import { writeAudit } from '#src/audit/audit.ts'
import type { MailPort } from '#src/mail/mail.ts'
import { linkMinutes, type OneTimeLinks } from '#src/one-time-links/one-time-links.ts'
import type { Language } from '#src/pages/language.ts'
import { text } from '#src/pages/texts.ts'
import type { Tables } from '#src/schema.ts'

/** The outbox topic of requests for another password. */
export const resetRequestTopic = 'password-reset'

type ResetRequest = {
  email: string
  language: Language
  address: string | undefined
  /** An administrator who asks for somebody else. */
  actor?: string
  /** Whether the person is new, and chooses his first password. */
  isInvitation?: boolean
}

/**
 * Requests for another password. The request of the browser only leaves a message, whatever the address: whether it belongs to an account is
 * looked up by the relay, so that neither the answer nor its time can tell (AS-27).
 */
export type ResetRequests = {
  /** In a transaction, where the request belongs to one. */
  leave(request: ResetRequest, tx?: { readonly query: Kysely<Tables> }): Promise<void>
  /** The relay's handler. @throws where the mail was not taken */
  deliver(message: { id: bigint; payload: unknown }): Promise<void>
}

/** Requests in the outbox; a mail with a link for those that belong to somebody. */
export function createResetRequests(parts: {
  database: Database<Tables>
  outbox: Outbox
  accounts: Accounts
  links: OneTimeLinks
  mail: MailPort
  issuer: string
}): ResetRequests {
  const { database, outbox, accounts, links, mail, issuer } = parts
  return {
    async leave({ email, ...request }, tx = database) {
      const payload: ResetRequest = { ...request, email: normalEmail(email) }
      await outbox.append(tx, [{ topic: resetRequestTopic, key: payload.email, payload }])
    },
    async deliver({ id, payload }) {
      const { email, language, address, actor, isInvitation = false } = payload as ResetRequest
      const account = await accounts.findByEmail(email)
      if (account?.status !== 'active') return
      const request = `${resetRequestTopic} ${id}`
      const purpose = isInvitation ? 'invitation' : 'reset-password'
      const token = await links.create({ purpose, accountId: account.id, request })
      if (!token) return
      const link = `${issuer}/${purpose}?token=${token}`
      const values = { name: account.name, link, minutes: linkMinutes[purpose] }
      await mail.send({
        to: account.email,
        subject: text(language, isInvitation ? 'invitationMailSubject' : 'resetMailSubject'),
        text: text(language, isInvitation ? 'invitationMailText' : 'resetMailText', values),
      })
      await writeAudit(database, {
        action: 'send-password-link',
        target: account.id,
        outcome: 'done',
        address,
        ...(actor && { actor }),
      })
    },
  }
}
