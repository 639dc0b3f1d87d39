import { createTransport } from 'nodemailer'
import type { MailPort } from './mail.ts'

const patience = 8000

/** Sends by SMTP. The URL holds address, user and password: `smtps://user:password@mail.example:465`. */
export function createSmtpMail({ url, from }: { url: string; from: string }): MailPort {
  const transport = createTransport(
    // Shorter than the relay's own patience, so that it is told why.
    { url, connectionTimeout: patience, greetingTimeout: patience, socketTimeout: patience },
    // RFC 3834 §5: no answer by machine comes back.
    {
      from,
      headers: { 'Auto-Submitted': 'auto-generated' },
      disableFileAccess: true,
      disableUrlAccess: true,
    },
  )
  return {
    async send({ to, subject, text }) {
      // As an object, an address is never read as a list of several.
      await transport.sendMail({ to: { name: '', address: to }, subject, text })
    },
    close: () => transport.close(),
  }
}
