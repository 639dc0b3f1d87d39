import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { changeAtRest } from '#src/platform/at-rest.ts'
import { redirects } from '#src/platform/clients.ts'
import { apiStatus, client, webApp } from '#src/platform/parties.ts'

const tokensOf = (body: unknown) => body as { access_token: string; refresh_token: string }

test.each([
  ['none', undefined, ['invalid_grant', 'invalid_request']],
  ['a wrong one', 'a'.repeat(43), ['invalid_grant']],
  ['one that is too short', 'a'.repeat(42), ['invalid_grant', 'invalid_request']],
  ['one with a sign that is none', `${'a'.repeat(42)}!`, ['invalid_grant', 'invalid_request']],
  ['one that is too long', 'a'.repeat(129), ['invalid_grant', 'invalid_request']],
])('AS-06 a code with the verifier: %s, brings no token', async (_what, code_verifier, errors) => {
  const { code, token } = webApp()
  const { code_verifier: _, ...fields } = (await code()).fields
  const answer = await token({ ...fields, ...(code_verifier && { code_verifier }) })
  expect(answer.status).toBe(400)
  expect(errors).toContain(answer.body.error)
})

test('AS-07 the second valid use of a code ends the tokens of the first', async () => {
  const { code, token, refresh } = webApp()
  const { fields } = await code()
  const tokens = tokensOf((await token(fields)).body)
  expect(await apiStatus(tokens.access_token)).toBe(200)
  expect((await token(fields)).body).toMatchObject({ error: 'invalid_grant' })
  await expect.poll(() => apiStatus(tokens.access_token), { timeout: 1000 }).toBe(401)
  expect((await refresh(tokens.refresh_token)).body).toMatchObject({ error: 'invalid_grant' })
})

test('AS-07 a replay with a wrong verifier, or by another client, ends nothing', async () => {
  const { code, token, refresh } = webApp()
  const { fields } = await code()
  const tokens = tokensOf((await token(fields)).body)
  expect((await token({ ...fields, code_verifier: 'b'.repeat(43) })).status).toBe(400)
  expect((await client('second').token({ ...fields, redirect_uri: redirects.second })).status).toBe(400)
  expect((await refresh(tokens.refresh_token)).status).toBe(200)
  expect(await apiStatus(tokens.access_token)).toBe(200)
})

test('AS-08 AS-07 of twenty redemptions of a code at once, over two processes, one succeeds, and its tokens end', async () => {
  for (let round = 0; round < 5; round++) {
    const { code, token, refresh } = webApp()
    const { fields } = await code()
    const answers = await Promise.all(Array.from({ length: 20 }, () => token(fields)))
    const won = answers.filter(({ status }) => status === 200)
    expect(won).toHaveLength(1)
    const lost = answers.filter(({ status }) => status !== 200)
    expect(lost.every(({ status, body }) => status === 400 && body.error === 'invalid_grant')).toBe(true)
    const { access_token, refresh_token } = tokensOf(won[0]?.body)
    await expect.poll(() => apiStatus(access_token), { timeout: 1000 }).toBe(401)
    expect((await refresh(refresh_token)).body).toMatchObject({ error: 'invalid_grant' })
  }
})

test.each([
  ['another client', (fields: Record<string, string>) => client('second').token(fields)],
  [
    'another redirect URI',
    (fields: Record<string, string>) =>
      webApp().token({ ...fields, redirect_uri: 'http://localhost:8080/other' }),
  ],
])('AS-09 a code is not for %s', async (_what, redeem) => {
  const { code } = webApp()
  const answer = await redeem((await code()).fields)
  expect(answer.body).toMatchObject({ error: 'invalid_grant' })
})

test('AS-09 a code lives for a minute', async () => {
  const { code, token } = webApp()
  const { fields } = await code()
  const id = createHash('sha256').update(fields.code).digest()
  const [stored] = await changeAtRest<{ lives: string }>(
    `select extract(epoch from expires_at - to_timestamp((payload->>'iat')::int)) as lives
     from oidc_artifact where model = 'AuthorizationCode' and id_hash = $1`,
    [id],
  )
  expect(Number(stored?.lives)).toBeLessThanOrEqual(61)
  // Nobody waits for a minute: its end is moved to a moment ago instead.
  await changeAtRest(
    `update oidc_artifact set expires_at = now() - interval '2 seconds',
       payload = jsonb_set(payload, '{exp}', to_jsonb(extract(epoch from now())::int - 2))
     where model = 'AuthorizationCode' and id_hash = $1`,
    [id],
  )
  expect((await token(fields)).body).toMatchObject({ error: 'invalid_grant' })
})
