import type { Database } from '@alicerce/database'
import type { Context, Next } from 'koa'
import type { Accounts } from '#src/accounts/accounts.ts'
import { writeAudit } from '#src/audit/audit.ts'
import type { AuthServerConfig } from '#src/config.ts'
import { readForm } from '#src/interaction/form.ts'
import type { OneTimeLinks } from '#src/one-time-links/one-time-links.ts'
import { languageOf } from '#src/pages/language.ts'
import { linkGonePage } from '#src/pages/link-gone-page.ts'
import { verificationPage, verifiedPage } from '#src/pages/verification-pages.ts'
import type { Tables } from '#src/schema.ts'

/** What the page of the link needs. */
export type VerificationPageParts = {
  config: AuthServerConfig
  database: Database<Tables>
  accounts: Accounts
  links: OneTimeLinks
}

/** The page that the link of the mail opens. As with a new password, only its form changes anything: mail programs follow links by themselves. */
export function emailVerificationPage(parts: VerificationPageParts) {
  const { config, links } = parts
  return async (context: Context, next: Next): Promise<void> => {
    if (context.path !== '/verify-email') return next()
    const language = languageOf(context)
    const page = { language, home: config.WEB_APP_URL }
    if (context.method === 'GET') {
      const token = String(context.query.token ?? '')
      const isGood = await links.ownerOf('verify-email', token)
      answer(context, isGood ? verificationPage({ language, token }) : undefined)
    } else if (context.method === 'POST') {
      const token = (await readForm(context.req))?.get('token') ?? ''
      answer(context, (await verify(token, context.ip, parts)) ? verifiedPage(page) : undefined)
    } else return next()
  }

  function answer(context: Context, body: string | undefined): void {
    context.type = 'html'
    context.status = body ? 200 : 400
    context.body = body ?? linkGonePage({ language: languageOf(context), home: config.WEB_APP_URL })
  }
}

function verify(
  token: string,
  address: string,
  { database, accounts, links }: VerificationPageParts,
): Promise<boolean> {
  return database.transaction(async (tx) => {
    const id = await links.use(tx, 'verify-email', token)
    const account = id ? await accounts.lock(tx, id) : undefined
    if (account?.status !== 'active') return false
    await accounts.confirmEmail(tx, account.id)
    const who = { actor: account.id, target: account.id, address }
    await writeAudit(tx, { action: 'verify-email', outcome: 'done', ...who })
    return true
  })
}
