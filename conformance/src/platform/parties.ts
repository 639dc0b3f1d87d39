import { createMachine, createRelyingParty, type Tokens } from '@alicerce/testing'
import { redirects } from './clients.ts'
import { currentPlatform } from './platform.ts'

/** The web app as a relying party of the platform, with a browser of its own; its requests go to both processes in turns. */
export const webApp = () => createRelyingParty(currentPlatform())

/** Another client of the tests. */
export const client = (name: 'office' | 'second' | 'foreign' | 'native') =>
  createRelyingParty(currentPlatform(), { client: name, redirect: redirects[name] })

/** Somebody who has just registered, with his tokens. */
export async function newCustomer() {
  const party = webApp()
  const request = await party.attempt()
  const signIn = await party.browser.open(request.url)
  const [email, password] = [`${crypto.randomUUID()}@example.com`, 'quatro palavras bem longas']
  const page = await party.register(signIn, { name: 'Rita Ramos', email, password })
  const { body } = await party.token(party.codeFields(request, page))
  return { ...party, tokens: body as Tokens }
}

/** A confidential client of the tests. */
export const machine = (id: 'office' | 'api') =>
  createMachine(currentPlatform(), { id, secret: currentPlatform().secret })

/** How the API answers to a token, through the gateway. */
export async function apiStatus(accessToken: string): Promise<number> {
  const response = await fetch(`${currentPlatform().gateway}/api/orders`, {
    headers: { authorization: `Bearer ${accessToken}` },
  })
  await response.body?.cancel()
  return response.status
}
