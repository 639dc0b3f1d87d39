import { randomUUID } from 'node:crypto'
import { createDatabase } from '@alicerce/database'
import { capturedLog, createTestDatabase } from '@alicerce/testing'
import { expect, test } from 'vitest'
import { createKeyCipher } from '#src/keys/key-cipher.ts'
import { authServerMigrations } from '#src/migrations/index.ts'
import type { Tables } from '#src/schema.ts'
import { createTotp } from '#src/second-factors/totp.ts'

const [before, after] = [1, 2].map((sign) => Buffer.alloc(32, sign).toString('base64url')) as [string, string]

test('the secrets of all apps are sealed anew under the new key encryption key, by several processes at once', async () => {
  const { url } = await createTestDatabase({ migrations: authServerMigrations })
  await using opened = new AsyncDisposableStack()
  const database = createDatabase<Tables>({ url, applicationName: 'test', log: capturedLog() })
  opened.defer(() => database.close())
  const sealedBy = (...keys: string[]) => createTotp({ database, cipher: createKeyCipher(keys), clock: Date })
  const secrets = new Map<string, string | undefined>()
  // More than a batch.
  const accounts = Array.from({ length: 501 }, (_, number) => ({
    id: randomUUID(),
    email: `person-${number}@example.com`,
    name: 'Rita',
    locale: 'en',
    roles: ['customer'],
    status: 'active' as const,
  }))
  await database.query.insertInto('account').values(accounts).execute()
  for (const { id } of accounts) secrets.set(id, await sealedBy(before).begin(id))

  await Promise.all([1, 2].map(() => sealedBy(after, before).sealAnew()))
  for (const [id, secret] of secrets) expect(await sealedBy(after).pending(id)).toBe(secret)
})
