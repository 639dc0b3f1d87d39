import { randomUUID } from 'node:crypto'
import { createDatabase } from '@alicerce/database'
import { Secret, TOTP } from 'otpauth'
import { createAccounts } from '#src/accounts/accounts.ts'
import { createPasswords } from '#src/accounts/passwords.ts'
import { createThrottle } from '#src/accounts/throttle.ts'
import { readAuthServerConfig } from '#src/config.ts'
import { createKeyCipher } from '#src/keys/key-cipher.ts'
import type { Tables } from '#src/schema.ts'
import { createSecondFactors } from '#src/second-factors/second-factors.ts'
import type { Cluster } from '../harness/cluster.ts'
import { createAuthenticator } from './authenticator.ts'

export const step = 30_000

/** The code that an app shows at a moment. */
export const codeAt = (secret: string, timestamp: number) =>
  new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp })

/** What the server is built of, over the same database, to give accounts what their owners would set up. */
export function createPeople(cluster: Cluster) {
  const config = readAuthServerConfig({ DATABASE_URL: cluster.database.url })
  const database = createDatabase<Tables>({
    url: cluster.database.url,
    applicationName: 'test',
    log: cluster.log,
  })
  const accounts = createAccounts({ database, outbox: { append: async () => undefined } as never })
  const secondFactors = createSecondFactors({
    config: { ...config, ISSUER_URL: cluster.issuer },
    database,
    cipher: createKeyCipher(config.KEY_ENCRYPTION_KEY),
    throttle: createThrottle({ database }),
    clock: Date,
  })
  const password = 'a password for tests'
  const hashed = createPasswords().hash(password)

  /** Somebody new with a password alone. */
  async function person() {
    const email = `${randomUUID()}@example.com`
    const passwordHash = await hashed
    const account = await database.transaction((tx) =>
      accounts.create(tx, { email, name: 'Rita', locale: 'en', passwordHash, roles: ['customer'] }),
    )
    return { id: account?.id as string, email, password }
  }

  /** Somebody with an app and recovery codes. The code that confirmed the app is of some minutes ago. */
  async function personWithTotp() {
    const made = await person()
    const secret = (await secondFactors.totp.begin(made.id)) as string
    const codes = await database.transaction(async (tx) => {
      await secondFactors.totp.confirm(tx, made.id, codeAt(secret, Date.now() - step))
      return secondFactors.recoveryCodes.renew(tx, made.id)
    })
    return { ...made, secret, codes }
  }

  /** Somebody with a passkey. */
  async function personWithPasskey() {
    const made = await person()
    const authenticator = createAuthenticator(cluster.issuer)
    await addPasskey(made, authenticator)
    return { ...made, authenticator }
  }

  async function addPasskey(
    { id: accountId, email }: { id: string; email: string },
    authenticator: ReturnType<typeof createAuthenticator>,
  ) {
    const purpose = 'a test'
    const options = await secondFactors.passkeys.newOptions(purpose, { id: accountId, email, name: 'Rita' })
    const response = authenticator.create(options)
    const added = await database.transaction((tx) =>
      secondFactors.passkeys.add(tx, { response, purpose, accountId, name: 'Laptop' }),
    )
    if (!added) throw new Error('The passkey was refused')
  }

  return {
    person,
    personWithTotp,
    personWithPasskey,
    addPasskey,
    secondFactors,
    database,
    close: () => database.close(),
  }
}
