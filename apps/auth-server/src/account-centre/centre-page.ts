import type { Database } from '@alicerce/database'
import type { Context } from 'koa'
import type { Accounts } from '#src/accounts/accounts.ts'
import type { Passwords } from '#src/accounts/passwords.ts'
import type { AuditLog } from '#src/audit/audit-log.ts'
import type { Clients } from '#src/clients/clients.ts'
import type { AuthServerConfig } from '#src/config.ts'
import type { Consents } from '#src/consents/consents.ts'
import type { VerificationMails } from '#src/email-verification/verification-mails.ts'
import type { CentreOptions } from '#src/pages/account/centre-layout.ts'
import type { Tables } from '#src/schema.ts'
import type { SecondFactors } from '#src/second-factors/second-factors.ts'
import type { Sessions } from '#src/sessions/sessions.ts'
import type { SignedIn } from './signed-in.ts'

/** What the pages of the account centre need. */
export type CentreParts = {
  config: AuthServerConfig
  database: Database<Tables>
  accounts: Accounts
  passwords: Passwords
  secondFactors: SecondFactors
  sessions: Sessions
  consents: Consents
  clients: Clients
  auditLog: AuditLog
  verificationMails: VerificationMails
}

/** A request of somebody who is signed in; a form that was sent is ours. */
export type CentreRequest = {
  context: Context
  person: SignedIn
  /** Empty for a GET. */
  form: URLSearchParams
  options: CentreOptions
  address: string
}

/** A page of the centre, at `/account/<name>`: what it shows, and what its form does. */
export type CentrePage = {
  /** Whether it changes or tells something that an unattended browser must not: whoever asks has to have signed in just before. */
  sensitive?: boolean
  /** The page that its form stands on, where that is another one. */
  back?: string
  /** The page; `undefined` where the answer is given already. */
  show?(request: CentreRequest): string | undefined | Promise<string | undefined>
  /** Answers the form: with a page in `context.body`, or by {@link goTo}. */
  submit?(request: CentreRequest): Promise<void>
}

/** Pages by the last part of their address; '' is the first page. */
export type CentrePages = Record<string, CentrePage>

/** Goes on to a page of the centre, which says what was done. A reload then sends nothing again. */
export function goTo({ context }: CentreRequest, page: string, done?: string): void {
  context.status = 303
  context.redirect(`/account${page && `/${page}`}${done ? `?done=${done}` : ''}`)
}
