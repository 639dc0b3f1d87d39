import type { Database } from '@alicerce/database'
import type { Log } from '@alicerce/service-kit'
import type { AuthServerConfig } from '#src/config.ts'
import type { KeyCipher } from '#src/keys/key-cipher.ts'
import type { Tables } from '#src/schema.ts'
import type { MailPort } from './mail.ts'
import { createShownMail } from './shown-mail.ts'
import { createSmtpMail } from './smtp-mail.ts'

/** Sends mails where a mail server is set up, and shows them elsewhere; in production that shouts, since whoever looks can read them. */
export function createMail(parts: {
  config: AuthServerConfig
  database: Database<Tables>
  cipher: KeyCipher
  log: Log
}): MailPort {
  const { config, log } = parts
  if (config.SMTP_URL) return createSmtpMail({ url: config.SMTP_URL, from: config.MAIL_FROM })
  if (config.APP_ENV === 'production')
    log.warn({ page: `${config.ISSUER_URL}/outbox` }, 'Mails are shown to everybody, not sent: set SMTP_URL')
  return createShownMail(parts)
}
