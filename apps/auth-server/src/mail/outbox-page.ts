import type { Context, Next } from 'koa'
import { languageOf } from '#src/pages/language.ts'
import { mailOutboxPage } from '#src/pages/mail-outbox-page.ts'
import type { MailPort } from './mail.ts'

/** The page at `/outbox`, where mails are shown instead of sent; elsewhere there is no such page. Whoever asks for JSON gets that. */
export function mailOutbox({ mail }: { mail: MailPort }) {
  return async (context: Context, next: Next): Promise<void> => {
    if (context.path !== '/outbox' || context.method !== 'GET' || !mail.shown) return next()
    const mails = await mail.shown()
    context.set('cache-control', 'no-store')
    if (context.accepts('html', 'json') === 'json') {
      context.body = mails
      return
    }
    context.type = 'html'
    context.body = mailOutboxPage({ language: languageOf(context), mails })
  }
}
