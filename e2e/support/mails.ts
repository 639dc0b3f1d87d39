import { expect } from '@playwright/test'
import { target } from './target.ts'

/** What the mails to an address hold, from the page that shows them instead of sending them: waited for. */
async function mailed(email: string, part: RegExp): Promise<string> {
  let found: string | undefined
  await expect(async () => {
    const response = await fetch(`${target.issuer}/outbox`, { headers: { accept: 'application/json' } })
    const mails = (await response.json()) as { to: string; text: string }[]
    const texts = mails.filter(({ to }) => to === email).map(({ text }) => text)
    found = part.exec(texts.join('\n'))?.[0]
    expect(found).toBeDefined()
  }).toPass()
  return found as string
}

/** The code that a new account waits for. */
export const mailedCode = (email: string): Promise<string> => mailed(email, /^\d{4} \d{4}$/m)

/** The link that leads to a page of the auth server. */
export const mailedLink = (email: string, path: string): Promise<string> =>
  mailed(email, new RegExp(`https?:\\S+${path}\\S+`))
