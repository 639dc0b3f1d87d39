import type { Page } from '../harness/browser.ts'
import type { Cluster } from '../harness/cluster.ts'
import { createParty } from '../harness/party.ts'
import type { createAuthenticator } from '../second-factors/authenticator.ts'
import { codeAt } from '../second-factors/people.ts'

type Person = {
  id: string
  email: string
  password: string
  secret?: string
  authenticator?: ReturnType<typeof createAuthenticator>
}

/** What the page's script would hand to the authenticator. */
export function askedBy({ text }: Page): { challenge: string; user: { id: string } } {
  const data = /data-request="([^"]*)"/.exec(text)?.[1] as string
  return JSON.parse(data.replace(/&#(\d+);/g, (_, code) => String.fromCharCode(Number(code))))
}

/** Somebody in the account centre, with the scripted browser and what an app of his holds. */
export function createVisitor(cluster: Cluster, person: Person) {
  const party = createParty(cluster)
  const { browser } = party

  /** Fills in whatever the sign-in asks for. */
  async function enter(page: Page): Promise<Page> {
    const next = await party.enter(page, person.email, person.password)
    if (next.url.endsWith('/second-passkey')) {
      const response = person.authenticator?.get(askedBy(next)) as string
      return browser.submit(next, '/second-passkey', { response })
    }
    if (!next.url.endsWith('/second-factor')) return next
    return browser.submit(next, '/second-factor', { code: codeAt(person.secret as string, Date.now()) })
  }

  return {
    ...party,
    /** Opens a page of the centre, signing in where that is asked for. */
    async open(name = ''): Promise<Page> {
      const page = await browser.open(`/account${name && `/${name}`}`)
      return page.url.includes('/interaction/') ? enter(page) : page
    },
    enter,
    /** Signs in to the web app in this browser, with the person's own password. */
    async tokens() {
      const request = await party.attempt()
      const first = await browser.open(request.url)
      const page = first.location ? first : await enter(first)
      return (await party.token(party.codeFields(request, page))).body as {
        access_token: string
        refresh_token: string
        id_token: string
      }
    },
    /** Makes the sign-in of every session of the person older than it is. */
    age: (seconds: number) =>
      cluster.sql(
        `update oidc_artifact set payload = jsonb_set(payload, '{loginTs}', to_jsonb((payload->>'loginTs')::int - $2::int))
         where model = 'Session' and account_id = $1`,
        [person.id, seconds],
      ),
    /** What the audit log has of the person: actions, the latest last. */
    audited: async () =>
      (
        await cluster.sql<{ action: string }>(
          `select action from audit_event where actor = $1 and target = $1 and outcome = 'done' order by at, id`,
          [person.id],
        )
      ).map(({ action }) => action),
  }
}
