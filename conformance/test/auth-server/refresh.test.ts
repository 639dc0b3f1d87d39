import { claimsOf } from '@alicerce/testing'
import { expect, test } from 'vitest'
import { changeAtRest } from '#src/platform/at-rest.ts'
import { redirects } from '#src/platform/clients.ts'
import { apiStatus, client, machine, webApp } from '#src/platform/parties.ts'

const alive = (status: number) => expect(status).toBe(200)

/** The grace for a lost answer is over for what was used of this token's family. */
const endGrace = (accessToken: string) =>
  changeAtRest(
    `update oidc_artifact set consumed_at = consumed_at - interval '1 minute' where grant_id = $1`,
    [claimsOf(accessToken).gid],
  )

test('AS-18 a refresh token of a public client changes at every use', async () => {
  const { signIn, refresh } = webApp()
  let { refresh_token } = await signIn()
  for (let use = 0; use < 3; use++) {
    const { status, body } = await refresh(refresh_token)
    alive(status)
    expect(body.refresh_token).not.toBe(refresh_token)
    refresh_token = body.refresh_token as string
  }
})

test('AS-19 a used refresh token, after the grace, ends its family and the access tokens', async () => {
  const { signIn, refresh } = webApp()
  const stolen = await signIn()
  const current = (await refresh(stolen.refresh_token)).body
  alive(await apiStatus(current.access_token as string))
  await endGrace(stolen.access_token)
  expect((await refresh(stolen.refresh_token)).body).toMatchObject({ error: 'invalid_grant' })
  expect((await refresh(current.refresh_token as string)).body).toMatchObject({ error: 'invalid_grant' })
  await expect.poll(() => apiStatus(current.access_token as string), { timeout: 1000 }).toBe(401)
})

test('AS-20 of twenty refreshes at once, over two processes, one succeeds, and one token lives', async () => {
  for (let round = 0; round < 10; round++) {
    const { signIn, refresh } = webApp()
    const { refresh_token } = await signIn()
    const answers = await Promise.all(Array.from({ length: 20 }, () => refresh(refresh_token)))
    const won = answers.filter(({ status }) => status === 200)
    expect(won).toHaveLength(1)
    expect(
      answers.filter(({ status, body }) => status === 400 && body.error === 'invalid_grant'),
    ).toHaveLength(19)
    alive((await refresh(won[0]?.body.refresh_token as string)).status)
  }
})

test('AS-21 a rotated refresh token ends when the first would have ended', async () => {
  const { signIn, refresh } = webApp()
  const { refresh_token, access_token } = await signIn()
  const { gid } = claimsOf(access_token)
  const ends = async () => {
    const rows = await changeAtRest<{ expires_at: Date }>(
      `select expires_at from oidc_artifact where model = 'RefreshToken' and grant_id = $1 order by consumed_at nulls last`,
      [gid],
    )
    return rows.map(({ expires_at }) => expires_at.getTime())
  }
  const [first] = await ends()
  alive((await refresh(refresh_token)).status)
  const later = await ends()
  expect(later).toHaveLength(2)
  for (const end of later) expect(end).toBeLessThanOrEqual((first as number) + 1000)
  expect((first as number) - Date.now()).toBeLessThanOrEqual(12 * 3_600_000)
})

test('AS-22 a refresh token dies with the session that it came from', async () => {
  const { browser, signIn, refresh } = webApp()
  const { refresh_token, id_token, access_token } = await signIn()
  const query = new URLSearchParams({
    ...{
      id_token_hint: id_token,
      client_id: 'web',
      post_logout_redirect_uri: 'http://localhost:8080/signed-out',
    },
  })
  const page = await browser.open(`/session/end?${query}`)
  const done = page.location ? page : await browser.submit(page, '/session/end/confirm', { logout: 'yes' })
  expect(done.location?.href).toBe('http://localhost:8080/signed-out')
  expect((await refresh(refresh_token)).body).toMatchObject({ error: 'invalid_grant' })
  await expect.poll(() => apiStatus(access_token), { timeout: 1000 }).toBe(401)
})

test('AS-23 a refresh token serves no other client, and its owner’s goes on', async () => {
  const { signIn, refresh } = webApp()
  const { refresh_token } = await signIn()
  expect((await client('second').refresh(refresh_token)).body).toMatchObject({ error: 'invalid_grant' })
  const office = await machine('office').token({ grant_type: 'refresh_token', refresh_token })
  expect(office.body).toMatchObject({ error: 'invalid_grant' })
  alive((await refresh(refresh_token)).status)
})

test('AS-23 its scopes cannot grow, and its resource cannot change', async () => {
  const { signIn, refresh } = client('second')
  const { refresh_token } = await signIn()
  const grown = await refresh(refresh_token, { scope: 'openid orders:read orders:write' })
  expect(grown.body).toMatchObject({ error: 'invalid_scope' })
  const elsewhere = await refresh(refresh_token, { resource: 'urn:somebody:else' })
  expect(elsewhere.body).toMatchObject({ error: 'invalid_target' })
  const { status, body } = await refresh(refresh_token)
  alive(status)
  expect(claimsOf(body.access_token as string)).toMatchObject({
    aud: 'urn:alicerce:api',
    scope: 'orders:read',
  })
})

test('AS-28 an access token names one resource server and what was granted', async () => {
  const { signIn } = client('second')
  const { access_token } = await signIn()
  const claims = claimsOf(access_token)
  expect(claims.aud).toBe('urn:alicerce:api')
  expect(claims.aud).not.toBe(claims.client_id)
  expect(claims.scope).toBe('orders:read')
})

test('AS-33 revoking a refresh token ends its family, access tokens too', async () => {
  const { signIn, refresh, server } = webApp()
  const { refresh_token, access_token } = await signIn()
  const current = (await refresh(refresh_token)).body
  const revoke = (token: string, client_id = 'web') =>
    fetch(`${server()}/token/revocation`, { method: 'POST', body: new URLSearchParams({ token, client_id }) })
  expect((await revoke('nobody-knows-this')).status).toBe(200)
  const foreign = await revoke(current.refresh_token as string, 'second')
  expect([200, 400]).toContain(foreign.status)
  alive(await apiStatus(current.access_token as string))
  expect((await revoke(current.refresh_token as string)).status).toBe(200)
  expect((await refresh(current.refresh_token as string)).body).toMatchObject({ error: 'invalid_grant' })
  await expect.poll(() => apiStatus(current.access_token as string), { timeout: 1000 }).toBe(401)
  await expect.poll(() => apiStatus(access_token), { timeout: 1000 }).toBe(401)
})

test('AS-09 AS-23 a code of one client is no refresh token of another', async () => {
  const { code } = webApp()
  const { fields } = await code()
  const answer = await client('second').token({ ...fields, redirect_uri: redirects.second })
  expect(answer.body).toMatchObject({ error: 'invalid_grant' })
})
