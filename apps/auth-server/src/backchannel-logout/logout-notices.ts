import type { Outbox, Transaction } from '@alicerce/database'
import type { Log } from '@alicerce/service-kit'
import type { AdapterPayload, Provider } from 'oidc-provider'
import type { Clients } from '#src/clients/clients.ts'
import type { Tables } from '#src/schema.ts'

/** The outbox topic of logout notices. */
export const logoutNoticeTopic = 'logout-notice'

type LogoutNotice = { clientId: string; accountId: string; sid: string }

/**
 * Tells clients that a session has ended (OpenID Connect Back-Channel Logout 1.0), whichever way it ended: by a sign-out, from the list of
 * sessions, by an administrator. The notice is written in the transaction that ends the session, and tried again until the client has it.
 */
export type LogoutNotices = {
  append(
    tx: Transaction<Tables>,
    session: { accountId?: string | undefined; authorizations?: AdapterPayload['authorizations'] },
  ): Promise<void>
  /** The relay's handler. @throws where the client did not take it; the relay tries again, each time later */
  deliver(message: { payload: unknown }): Promise<void>
}

/** Notices in the outbox, delivered by the relay. */
export function createLogoutNotices(parts: {
  outbox: Outbox
  clients: Clients
  provider(): Provider
  log: Log
}): LogoutNotices {
  const { outbox, clients, log } = parts
  return {
    async append(tx, { accountId, authorizations = {} }) {
      if (!accountId) return
      const messages = []
      for (const [clientId, { sid }] of Object.entries(authorizations)) {
        const metadata = await clients.metadataOf(clientId)
        if (!sid || !metadata?.backchannel_logout_uri) continue
        const payload: LogoutNotice = { clientId, accountId, sid }
        messages.push({ topic: logoutNoticeTopic, key: clientId, payload })
      }
      if (messages.length > 0) await outbox.append(tx, messages)
    },
    async deliver({ payload }) {
      const { clientId, accountId, sid } = payload as LogoutNotice
      const client = await parts.provider().Client.find(clientId)
      if (!client?.backchannelLogoutUri) return
      await sendLogoutToken(client, accountId, sid)
      log.info({ clientId }, 'A client was told that a session has ended')
    },
  }
}

type Notifiable = { backchannelLogout(accountId: string, sid: string): Promise<void> }
type Sender = Notifiable & { sendLogoutToken: Notifiable['backchannelLogout'] }

const sendLogoutToken = (client: object, accountId: string, sid: string) =>
  (client as Sender).sendLogoutToken(accountId, sid)

/** The provider would tell clients itself, once, during the sign-out of the person who waits; a client that is away would never hear of it. */
export function leaveLogoutToNotices(provider: Provider): void {
  const prototype = provider.Client.prototype as unknown as Sender
  prototype.sendLogoutToken = prototype.backchannelLogout
  prototype.backchannelLogout = async () => undefined
}
