import type { Transporter } from 'nodemailer'
import type { MailPort } from './mail.ts'

const patience = 8000

/** Sends by SMTP. The URL holds address, user and password: `smtps://user:password@mail.example:465`. */
export function createSmtpMail({ url, from }: { url: string; from: string }): MailPort {
  let transport: Promise<Transporter> | undefined

  /** Loaded with the first mail: it takes a tenth of a second, which no start should wait for. */
  async function connect(): Promise<Transporter> {
    const { createTransport } = await import('nodemailer')
    return createTransport(
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
  }

  return {
    async send({ to, subject, text }) {
      transport ??= connect()
      // As an object, an address is never read as a list of several.
      await (await transport).sendMail({ to: { name: '', address: to }, subject, text })
    },
    async close() {
      ;(await transport)?.close()
    },
  }
}
