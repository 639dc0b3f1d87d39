import { readFile } from 'node:fs/promises'
import { claimsOf } from '@alicerce/testing'
import { expect, test } from 'vitest'
import { createRegistrar } from '#src/platform/administration.ts'
import { changeAtRest } from '#src/platform/at-rest.ts'
import { apiStatus, machine, webApp } from '#src/platform/parties.ts'
import { currentPlatform } from '#src/platform/platform.ts'

const { secret, outputFile } = currentPlatform()

/** Every row of every table of the auth server's database, as text: what a stolen copy of it holds. */
async function dump(): Promise<string> {
  const tables = await changeAtRest<{ name: string }>(
    `select table_name as name from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE'`,
  )
  const texts: string[] = []
  for (const { name } of tables) {
    const rows = await changeAtRest<{ row: string }>(
      `select to_jsonb(each)::text as row from "${name}" as each`,
    )
    texts.push(...rows.map(({ row }) => row))
  }
  return texts.join('\n')
}

test('AS-26 RS-15 no code, token, session or secret of a journey is in the database or in any line that was printed', async () => {
  const party = webApp()
  const { fields } = await party.code()
  const first = (await party.token(fields)).body
  const second = (await party.refresh(first.refresh_token as string)).body
  expect(await apiStatus(second.access_token as string)).toBe(200)
  const own = (await machine('office').credentials({ resource: 'urn:alicerce:api', scope: 'orders:read' }))
    .body
  const register = await createRegistrar()
  const client = (await register({ authentication: 'client_secret_basic' })).body
  const waiting = (await party.code()).fields.code
  const secrets = {
    code: fields.code,
    'waiting code': waiting,
    verifier: fields.code_verifier,
    'refresh token': first.refresh_token as string,
    'second refresh token': second.refresh_token as string,
    'access token': second.access_token as string,
    'ID token': first.id_token as string,
    'access token of a machine': own.access_token as string,
    'client secret': client.secret as string,
    'configured client secret': secret,
    password: 'alicerce-demo',
  }
  const cookies = [...party.browser.jar]
    .filter(([name]) => !/\.sig/.test(name))
    .map(([name, { value }]) => [`cookie ${name}`, value] as const)
    .filter(([, value]) => value.length > 20)
  expect(cookies.length).toBeGreaterThan(0)
  const [stored, printed] = [await dump(), await readFile(outputFile, 'utf8')]
  expect(stored).toContain(claimsOf(second.access_token as string).gid)
  for (const [name, value] of [...Object.entries(secrets), ...cookies]) {
    expect(stored.includes(value), `${name} at rest`).toBe(false)
    expect(printed.includes(value), `${name} in the output`).toBe(false)
    expect(value.length, name).toBeGreaterThanOrEqual(name === 'password' ? 10 : 20)
  }
})

test('AS-26 codes and refresh tokens are never alike, and long', async () => {
  const party = webApp()
  const codes = new Set<string>()
  for (let round = 0; round < 20; round++) codes.add((await party.code()).fields.code)
  expect(codes.size).toBe(20)
  // 43 signs of base64url are 256 bits.
  for (const code of codes) expect(code.length).toBeGreaterThanOrEqual(43)
})
