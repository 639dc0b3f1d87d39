import { afterAll, beforeAll, expect, test } from 'vitest'
import { oneFactor, twoFactors } from '#src/second-factors/authentication-levels.ts'
import { type Cluster, startCluster } from '../harness/cluster.ts'
import { claimsOf, createParty } from '../harness/party.ts'
import { codeAt, createPeople, step } from './people.ts'

let cluster: Cluster
let people: ReturnType<typeof createPeople>
beforeAll(async () => {
  cluster = await startCluster()
  people = createPeople(cluster)
})
afterAll(async () => {
  await people.close()
  await cluster.close()
})

test('the levels are told in the discovery document', async () => {
  const metadata = (await (
    await fetch(`${cluster.issuer}/.well-known/openid-configuration`)
  ).json()) as object
  expect(metadata).toMatchObject({ acr_values_supported: [oneFactor, twoFactors] })
})

/** Somebody whose session is of one factor: the app came later. */
async function weakSession() {
  const person = await people.person()
  const party = createParty(cluster)
  const request = await party.attempt()
  await party.enter(await party.browser.open(request.url), person.email, person.password)
  const secret = (await people.secondFactors.totp.begin(person.id)) as string
  await people.database.transaction((tx) =>
    people.secondFactors.totp.confirm(tx, person.id, codeAt(secret, Date.now() - step)),
  )
  return { ...party, person, secret }
}

test('RS-17 a session of one factor rises to two where the client asks for it, and then passes without a question', async () => {
  const { browser, attempt, enter, token, codeFields, person, secret } = await weakSession()
  expect((await browser.open((await attempt()).url)).location?.searchParams.get('code')).toBeTruthy()
  const changes = { acr_values: twoFactors }
  const request = await attempt(changes)
  const page = await enter(await browser.open(request.url), person.email, person.password)
  const done = await browser.submit(page, '/second-factor', { code: codeAt(secret, Date.now()) })
  const { body } = await token(codeFields(request, done))
  expect(claimsOf(body.access_token as string)).toMatchObject({ acr: twoFactors, amr: ['pwd', 'otp', 'mfa'] })
  expect((await browser.open((await attempt(changes)).url)).location?.searchParams.get('code')).toBeTruthy()
})

test('without a question the answer is that the level is not met', async () => {
  const { browser, attempt } = await weakSession()
  const page = await browser.open((await attempt({ acr_values: twoFactors, prompt: 'none' })).url)
  expect(page.location?.searchParams.get('error')).toBe('unmet_authentication_requirements')
})

test.each([`${twoFactors} ${oneFactor}`, oneFactor, 'urn:of:somebody:else'])(
  'acr_values=%s is content with a password',
  async (values) => {
    const { browser, attempt } = await weakSession()
    const page = await browser.open((await attempt({ acr_values: values })).url)
    expect(page.location?.searchParams.get('code')).toBeTruthy()
  },
)

test('max_age asks again for everything once the sign-in is older', async () => {
  const { browser, attempt, token, codeFields, enter, person, secret } = await weakSession()
  await new Promise((resolve) => setTimeout(resolve, 2100))
  expect((await browser.open((await attempt({ max_age: '60' })).url)).location).toBeTruthy()
  const request = await attempt({ max_age: '1' })
  const page = await enter(await browser.open(request.url), person.email, person.password)
  const done = await browser.submit(page, '/second-factor', { code: codeAt(secret, Date.now()) })
  const { body } = await token(codeFields(request, done))
  const { auth_time: authTime } = claimsOf(body.id_token as string)
  expect(Date.now() / 1000 - Number(authTime)).toBeLessThan(60)
})
