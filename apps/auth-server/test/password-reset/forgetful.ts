import type { Mail } from '#src/mail/mail.ts'
import type { Cluster } from '../harness/cluster.ts'
import { createParty } from '../harness/party.ts'

/** Somebody at the sign-in page who has forgotten his password. */
export function createForgetful(cluster: Cluster) {
  const party = createParty(cluster)
  return {
    ...party,
    /** Asks for a link; `headers` are those of the form's request. */
    async ask(email: string, headers: Record<string, string> = {}) {
      const request = await party.attempt()
      const page = await party.browser.open(request.url)
      const form = await party.browser.open(`${new URL(page.url).pathname}/forgotten`)
      const csrf = /name="csrf" value="([^"]+)"/.exec(form.text)?.[1] as string
      return party.browser.post(new URL(form.url).pathname, { csrf, email }, headers)
    },
  }
}

/** The mails to an address, from the page that shows them. */
export async function mailsTo(cluster: Cluster, email: string, server = cluster.urls[0]): Promise<Mail[]> {
  const response = await fetch(`${server}/outbox`, { headers: { accept: 'application/json' } })
  return ((await response.json()) as Mail[]).filter(({ to }) => to === email)
}

/** The link of a mail. */
export const linkIn = ({ text }: Mail) => new URL(/https?:\S+/.exec(text)?.[0] as string)
