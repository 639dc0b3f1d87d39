import type { Database } from '@alicerce/database'
import type { Context, Next } from 'koa'
import type { Accounts } from '#src/accounts/accounts.ts'
import { passwordFault } from '#src/accounts/password-rules.ts'
import { HashingBusyError, type Passwords } from '#src/accounts/passwords.ts'
import { writeAudit } from '#src/audit/audit.ts'
import type { AuthServerConfig } from '#src/config.ts'
import { readForm } from '#src/interaction/form.ts'
import type { OneTimeLinks } from '#src/one-time-links/one-time-links.ts'
import { languageOf } from '#src/pages/language.ts'
import { linkGonePage } from '#src/pages/link-gone-page.ts'
import { resetDonePage, resetPage } from '#src/pages/password-reset-pages.ts'
import { type TextKey, text } from '#src/pages/texts.ts'
import type { Tables } from '#src/schema.ts'
import type { Sessions } from '#src/sessions/sessions.ts'

/** What the page of the link needs. */
export type ResetPageParts = {
  config: AuthServerConfig
  database: Database<Tables>
  accounts: Accounts
  passwords: Passwords
  sessions: Sessions
  links: OneTimeLinks
}

/**
 * The page that the link of the mail opens. To look at it changes nothing, since mail programs follow links by themselves; sending its form
 * uses the link up. The token shows that the form is ours, too: nobody else knows it (AS-35).
 */
export function passwordResetPage(parts: ResetPageParts) {
  const { config, links } = parts
  return async (context: Context, next: Next): Promise<void> => {
    if (context.path !== '/reset-password') return next()
    context.type = 'html'
    if (context.method === 'POST') return setPassword(context, parts)
    if (context.method !== 'GET') return next()
    const token = String(context.query.token ?? '')
    const language = languageOf(context)
    if (await links.ownerOf('reset-password', token)) context.body = resetPage({ language, token })
    else gone(context, config)
  }
}

async function setPassword(context: Context, parts: ResetPageParts): Promise<void> {
  const { config, database, accounts, passwords, sessions, links } = parts
  const form = await readForm(context.req)
  const token = form?.get('token') ?? ''
  const password = form?.get('password') ?? ''
  const language = languageOf(context)
  const again = (status: number, fault: TextKey) => {
    context.status = status
    context.body = resetPage({ language, token, fault: text(language, fault) })
  }
  // Asked before the hash, which is dear: nobody without a link makes us work.
  const owner = await links.ownerOf('reset-password', token)
  const person = owner && (await accounts.find(owner))
  if (!person) return gone(context, config)
  const fault = await passwordFault(password, person)
  if (fault) return again(400, fault)
  let passwordHash: string
  try {
    passwordHash = await passwords.hash(password)
  } catch (error) {
    if (!(error instanceof HashingBusyError)) throw error
    return again(503, 'busy')
  }
  const changed = await database.transaction(async (tx) => {
    const id = await links.use(tx, 'reset-password', token)
    const account = id ? await accounts.lock(tx, id) : undefined
    if (account?.status !== 'active') return false
    await accounts.replacePasswordHash(account.id, passwordHash, tx)
    await accounts.confirmEmail(tx, account.id)
    await sessions.endAll(tx, account.id)
    const who = { actor: account.id, target: account.id, address: context.ip }
    await writeAudit(tx, { action: 'reset-password', outcome: 'done', ...who })
    return true
  })
  if (!changed) return gone(context, config)
  context.body = resetDonePage({ language, home: config.WEB_APP_URL })
}

function gone(context: Context, { WEB_APP_URL: home }: AuthServerConfig): void {
  context.status = 400
  context.body = linkGonePage({ language: languageOf(context), home })
}
