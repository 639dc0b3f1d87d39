import { expect, test } from 'vitest'
import { webApp } from '#src/platform/parties.ts'

/** Each visitor comes from an address of his own, as the proxy in front tells. */
const from = (address: string) => ({ 'x-forwarded-for': address })
const address = () => `203.0.113.${Math.floor(Math.random() * 250)}.${crypto.randomUUID().slice(0, 8)}`

async function guess(email: string, password: string, at: string) {
  const { browser, attempt } = webApp()
  const page = await browser.open((await attempt()).url, from(at))
  const csrf = /name="csrf" value="([^"]+)"/.exec(page.text)?.[1] as string
  const startedAt = performance.now()
  const answer = await browser.post(
    `${new URL(page.url).pathname}/sign-in`,
    { csrf, email, password },
    from(at),
  )
  return { ...answer, milliseconds: performance.now() - startedAt }
}

test('AS-27 who guesses on and on must wait, from his address, and the victim need not', async () => {
  const stranger = address()
  let answer = await guess('support@alicerce.test', 'wrong', stranger)
  for (let tries = 1; tries <= 10 && answer.status !== 429; tries++)
    answer = await guess('support@alicerce.test', 'wrong', stranger)
  expect(answer.status).toBe(429)
  expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0)
  const owner = await guess('support@alicerce.test', 'alicerce-demo', address())
  expect(owner.location?.searchParams.get('code')).toBeTruthy()
})

test('AS-27 an address that guesses at many accounts must wait as well', async () => {
  const stranger = address()
  const statuses = new Set<number>()
  for (let number = 0; number < 51; number++)
    statuses.add((await guess(`somebody-${number}@example.com`, 'wrong', stranger)).status)
  expect([...statuses]).toEqual([400, 429])
})

test('AS-27 a known and an unknown account are refused by the same page, and about as fast', async () => {
  const milliseconds: Record<'known' | 'unknown', number[]> = { known: [], unknown: [] }
  const texts = new Set<string>()
  const emails = { known: 'customer@alicerce.test', unknown: 'nobody-here@example.com' }
  for (let round = 0; round < 8; round++)
    for (const kind of ['known', 'unknown'] as const) {
      const answer = await guess(emails[kind], 'wrong', address())
      expect(answer.status).toBe(400)
      milliseconds[kind].push(answer.milliseconds)
      const anonymous = answer.text
        .replaceAll(emails[kind], '')
        .replace(/\/interaction\/[\w-]+|value="[^"]*"|data-request="[^"]*"/g, '')
      texts.add(anonymous)
    }
  expect(texts.size).toBe(1)
  const median = (values: number[]) =>
    values.toSorted((one, other) => one - other)[values.length >> 1] as number
  const [known, unknown] = [median(milliseconds.known), median(milliseconds.unknown)]
  // An answer without a hash would be some twenty times as fast; how much faster exactly, a busy machine cannot tell.
  expect(unknown).toBeGreaterThan(known / 3)
  expect(known).toBeGreaterThan(unknown / 3)
})

test('AS-27 asking for another password tells nothing either', async () => {
  const ask = async (email: string) => {
    const { browser, attempt } = webApp()
    const page = await browser.open((await attempt()).url)
    const form = await browser.open(`${new URL(page.url).pathname}/forgotten`)
    const answer = await browser.submit(form, '/forgotten', { email })
    return [answer.status, answer.text.replaceAll(email, '').replace(/\/interaction\/[\w-]+/g, '')]
  }
  expect(await ask('nobody-here@example.com')).toEqual(await ask('customer@alicerce.test'))
})

test('AS-27 asking for an account tells nothing either, and neither does a made-up code', async () => {
  const ask = async (email: string) => {
    const { browser, attempt, askForAccount } = webApp()
    const page = await browser.open((await attempt()).url)
    const person = { name: 'Rita', email, password: 'quatro palavras bem longas' }
    const asked = await askForAccount(page, person)
    const refused = await browser.submit(asked, '/confirm-address', { code: '0000 0000' })
    return [asked, refused].map(({ status, text }) => [
      status,
      text.replaceAll(email, '').replace(/\/interaction\/[\w-]+|name="csrf" value="[^"]+"/g, ''),
    ])
  }
  expect(await ask(`${crypto.randomUUID()}@example.com`)).toEqual(await ask('customer@alicerce.test'))
})
