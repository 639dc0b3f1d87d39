import { randomBytes } from 'node:crypto'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { type DatabaseRole, databases } from '@alicerce/local-infrastructure'

/** The secrets of one installation on this machine. Made at its first start, never shown, never committed. */
export type Secrets = {
  cookieKeys: string[]
  keyEncryptionKey: string
  cursorKeys: Record<'users' | 'orders', string>
  databasePasswords: Record<DatabaseRole, string>
}

const secret = () => randomBytes(32).toString('base64url')

/** Reads the secrets in `file`, or makes them there, readable by its owner alone. */
export async function loadSecrets(file: string): Promise<Secrets> {
  try {
    return JSON.parse(await readFile(file, 'utf8'))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
  }
  const secrets: Secrets = {
    cookieKeys: [secret(), secret()],
    keyEncryptionKey: secret(),
    cursorKeys: { users: secret(), orders: secret() },
    databasePasswords: Object.fromEntries(
      Object.values(databases).flatMap(({ owner, runtime }) =>
        [owner, runtime].map((role) => [role, secret()]),
      ),
    ) as Secrets['databasePasswords'],
  }
  await mkdir(dirname(file), { recursive: true })
  await writeFile(file, JSON.stringify(secrets, null, 2), { mode: 0o600 })
  return secrets
}
