import type { Database } from '@alicerce/database'
import type { Context, Next } from 'koa'
import type { Accounts } from '#src/accounts/accounts.ts'
import { choosePassword } from '#src/accounts/chosen-password.ts'
import type { Passwords } from '#src/accounts/passwords.ts'
import type { Throttle } from '#src/accounts/throttle.ts'
import { writeAudit } from '#src/audit/audit.ts'
import type { AuthServerConfig } from '#src/config.ts'
import { readForm } from '#src/interaction/form.ts'
import type { OneTimeLinks } from '#src/one-time-links/one-time-links.ts'
import { languageOf } from '#src/pages/language.ts'
import { linkGonePage } from '#src/pages/link-gone-page.ts'
import { type PasswordPurpose, resetDonePage, resetPage } from '#src/pages/password-reset-pages.ts'
import { text } from '#src/pages/texts.ts'
import type { Tables } from '#src/schema.ts'
import type { Sessions } from '#src/sessions/sessions.ts'

/** What the page of the link needs. */
export type ResetPageParts = {
  config: AuthServerConfig
  database: Database<Tables>
  accounts: Accounts
  passwords: Passwords
  sessions: Sessions
  throttle: Throttle
  links: OneTimeLinks
}

const purposeOf: Record<string, PasswordPurpose> = {
  '/reset-password': 'reset-password',
  '/invitation': 'invitation',
}

/**
 * The page that the link of the mail opens, for another password and for the first one. To look at it changes nothing, since mail programs follow links by themselves; sending its form
 * uses the link up. The token shows that the form is ours, too: nobody else knows it (AS-35).
 */
export function passwordResetPage(parts: ResetPageParts) {
  const { config, links } = parts
  return async (context: Context, next: Next): Promise<void> => {
    const purpose = purposeOf[context.path]
    if (!purpose) return next()
    context.type = 'html'
    if (context.method === 'POST') return setPassword(context, purpose, parts)
    if (context.method !== 'GET') return next()
    const token = String(context.query.token ?? '')
    const language = languageOf(context)
    if (await links.ownerOf(purpose, token)) context.body = resetPage({ language, purpose, token })
    else gone(context, config)
  }
}

async function setPassword(context: Context, purpose: PasswordPurpose, parts: ResetPageParts): Promise<void> {
  const { config, accounts, passwords, links } = parts
  const form = await readForm(context.req)
  const token = form?.get('token') ?? ''
  const language = languageOf(context)
  // Asked before the hash, which is dear: nobody without a link makes us work.
  const owner = await links.ownerOf(purpose, token)
  const person = owner && (await accounts.find(owner))
  if (!person) return gone(context, config)
  const chosen = await choosePassword(passwords, form?.get('password') ?? '', person)
  if (chosen.fault) {
    context.status = chosen.status
    context.body = resetPage({ language, purpose, token, fault: text(language, chosen.fault) })
    return
  }
  if (await useLink({ purpose, token, passwordHash: chosen.hash, address: context.ip }, parts))
    context.body = resetDonePage({ language, purpose, home: config.WEB_APP_URL })
  else gone(context, config)
}

/** Whether the link was still good, and its account active. */
async function useLink(
  link: { purpose: PasswordPurpose; token: string; passwordHash: string; address: string },
  { database, accounts, sessions, links, throttle }: ResetPageParts,
): Promise<boolean> {
  const { purpose, token, passwordHash, address } = link
  const account = await database.transaction(async (tx) => {
    const id = await links.use(tx, purpose, token)
    const owner = id ? await accounts.lock(tx, id) : undefined
    if (owner?.status !== 'active') return undefined
    await accounts.replacePasswordHash(owner.id, passwordHash, tx)
    await accounts.confirmEmail(tx, owner.id)
    await sessions.endAll(tx, owner.id)
    const who = { actor: owner.id, target: owner.id, address }
    await writeAudit(tx, { action: 'reset-password', outcome: 'done', ...who })
    return owner
  })
  if (!account) return false
  // Whoever has guessed at his old password, until nothing went any more, may use the new one at once.
  await throttle.clear(account.email, address)
  return true
}

function gone(context: Context, { WEB_APP_URL: home }: AuthServerConfig): void {
  context.status = 400
  context.body = linkGonePage({ language: languageOf(context), home })
}
