import type { Outbox } from '@alicerce/database'
import type { Kysely } from 'kysely'
import type { Account } from '#src/accounts/account.ts'
import type { Accounts } from '#src/accounts/accounts.ts'
import type { MailPort } from '#src/mail/mail.ts'
import type { OneTimeLinks } from '#src/one-time-links/one-time-links.ts'
import type { Language } from '#src/pages/language.ts'
import { text } from '#src/pages/texts.ts'
import type { Tables } from '#src/schema.ts'

/** The outbox topic of mails that ask whether an address is right. */
export const verificationTopic = 'email-verification'

type VerificationRequest = { accountId: string; language: Language }

/** Mails with a link that shows that an address is its account's. */
export type VerificationMails = {
  /** In the transaction that makes the account, or asks again. */
  leave(tx: { readonly query: Kysely<Tables> }, request: VerificationRequest): Promise<void>
  /** The relay's handler. @throws where the mail was not taken */
  deliver(message: { id: bigint; payload: unknown }): Promise<void>
}

/** Requests in the outbox, and a mail for each whose account still needs one. */
export function createVerificationMails(parts: {
  outbox: Outbox
  accounts: Accounts
  links: OneTimeLinks
  mail: MailPort
  issuer: string
}): VerificationMails {
  const { outbox, accounts, links, mail, issuer } = parts

  async function send({ id, email, name }: Account, language: Language, request: string): Promise<void> {
    const token = await links.create({ purpose: 'verify-email', accountId: id, request })
    if (!token) return
    const link = `${issuer}/verify-email?token=${token}`
    const subject = text(language, 'verifyMailSubject')
    await mail.send({ to: email, subject, text: text(language, 'verifyMailText', { name, link }) })
  }

  return {
    async leave(tx, payload) {
      await outbox.append(tx, [{ topic: verificationTopic, key: payload.accountId, payload }])
    },
    async deliver({ id, payload }) {
      const { accountId, language } = payload as VerificationRequest
      const account = await accounts.find(accountId)
      if (account?.status === 'active' && !account.emailVerified)
        await send(account, language, `${verificationTopic} ${id}`)
    },
  }
}
