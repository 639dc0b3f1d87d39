import { randomUUID } from 'node:crypto'
import type { Database, Transaction } from '@alicerce/database'
import type { Clock } from '@alicerce/service-kit'
import { exportJWK, generateKeyPair, type JWK } from 'jose'
import { type Kysely, sql } from 'kysely'
import { writeAudit } from '#src/audit/audit.ts'
import type { Tables } from '#src/schema.ts'
import type { KeyCipher } from './key-cipher.ts'
import { type KeyAges, type KeyState, nextKeyDue, statesOf } from './key-schedule.ts'

/** The database holds signing keys that no key encryption key opens. */
export class SigningKeysSealedError extends Error {
  readonly code = 'signing-keys-sealed'
}

/** In this order they are published; the first that fits signs. */
export const signingAlgorithms = ['ES256', 'RS256'] as const
/** ES256 signs everything of ours; RS256 is for clients that ask for it. */
export type SigningAlgorithm = (typeof signingAlgorithms)[number]

/** A key as administrators see it. */
export type SigningKeyDescription = {
  kid: string
  algorithm: SigningAlgorithm
  state: KeyState
  publishedAt: Date
  activeFrom: Date
  retiredAt: Date | undefined
  removedAt: Date | undefined
}

/** The signing keys in PostgreSQL, which every process reads and any process rotates. */
export type SigningKeys = {
  /**
   * Announces, removes and seals anew what is due, and gives the private keys: of each algorithm the one that signs first. Processes that do it at
   * once agree on one set.
   * @throws {SigningKeysSealedError}
   */
  current(): Promise<JWK[]>
  describe(): Promise<SigningKeyDescription[]>
  /** Announces the next key now. It signs when it has been published long enough; where one is announced already, nothing changes. */
  rotateNow(tx: Transaction<Tables>, algorithm: SigningAlgorithm): Promise<void>
}

type Row = {
  kid: string
  algorithm: SigningAlgorithm
  sealed: Buffer
  publishedAt: Date
  activeFrom: Date
}

/** Keys that rotate without a restart: announced, active, retired, removed. */
export function createSigningKeys(parts: {
  database: Database<Tables>
  cipher: KeyCipher
  ages: KeyAges
  clock: Clock
}): SigningKeys {
  const { database, cipher, ages, clock } = parts

  async function keep(tx: Transaction<Tables>, algorithm: SigningAlgorithm, activeFrom: Date): Promise<Row> {
    const { privateKey } = await generateKeyPair(algorithm, { extractable: true })
    const kid = randomUUID()
    const key: JWK = { ...(await exportJWK(privateKey)), kid, alg: algorithm, use: 'sig' }
    const row = { kid, algorithm, sealed: cipher.seal(kid, JSON.stringify(key)) }
    const publishedAt = new Date(clock.now())
    await tx.query
      .insertInto('signing_key')
      .values({ ...row, created_at: publishedAt, active_from: activeFrom })
      .execute()
    await writeAudit(tx, { action: 'announce-key', target: kid, outcome: 'done', details: { algorithm } })
    return { ...row, publishedAt, activeFrom }
  }

  async function removeRetired(tx: Transaction<Tables>, rows: Row[]): Promise<Row[]> {
    const now = clock.now()
    const gone = statesOf(rows, ages, now).filter(({ removedAt }) => removedAt && removedAt.getTime() <= now)
    for (const { kid, algorithm } of gone) {
      await tx.query.deleteFrom('signing_key').where('kid', '=', kid).execute()
      await writeAudit(tx, { action: 'remove-key', target: kid, outcome: 'done', details: { algorithm } })
    }
    return rows.filter(({ kid }) => !gone.some((each) => each.kid === kid))
  }

  async function sealAnew(tx: Transaction<Tables>, rows: Row[]): Promise<void> {
    for (const { kid, sealed } of rows) {
      if (!cipher.isOutdated(kid, sealed)) continue
      await tx.query
        .updateTable('signing_key')
        .set({ sealed: cipher.seal(kid, opened({ kid, sealed })) })
        .where('kid', '=', kid)
        .execute()
    }
  }

  function opened({ kid, sealed }: Pick<Row, 'kid' | 'sealed'>): string {
    try {
      return cipher.open(kid, sealed)
    } catch (cause) {
      throw new SigningKeysSealedError(
        'KEY_ENCRYPTION_KEY does not open the signing keys in the database: set the one that they were sealed with.',
        { cause },
      )
    }
  }

  return {
    current: () =>
      database.transaction(async (tx) => {
        await lockKeys(tx)
        const rows = await readKeys(tx)
        const signing: Row[] = []
        for (const algorithm of signingAlgorithms) {
          const known = await removeRetired(
            tx,
            rows.filter((row) => row.algorithm === algorithm),
          )
          await sealAnew(tx, known)
          const due = nextKeyDue(known, ages, clock.now())
          if (due) known.push(await keep(tx, algorithm, due))
          signing.push(...signingFirst(known, ages, clock.now()))
        }
        return signing.map((row) => JSON.parse(opened(row)))
      }),
    async describe() {
      const rows = await readKeys(database)
      return signingAlgorithms.flatMap((algorithm) =>
        statesOf(
          rows.filter((row) => row.algorithm === algorithm),
          ages,
          clock.now(),
        ).map(({ sealed: _sealed, ...described }) => described),
      )
    },
    async rotateNow(tx, algorithm) {
      await lockKeys(tx)
      const known = (await readKeys(tx)).filter((row) => row.algorithm === algorithm)
      const now = clock.now()
      if (known.some(({ activeFrom }) => activeFrom.getTime() > now)) return
      await keep(tx, algorithm, new Date(now + ages.announced * 1000))
    },
  }
}

/** The active key, then those that only verify. */
function signingFirst(rows: Row[], ages: KeyAges, now: number): Row[] {
  const keys = statesOf(rows, ages, now)
  return [
    ...keys.filter(({ state }) => state === 'active'),
    ...keys.filter(({ state }) => state !== 'active'),
  ]
}

const lockKeys = (tx: Transaction<Tables>) =>
  sql`select pg_advisory_xact_lock(hashtext('signing keys'))`.execute(tx.query)

async function readKeys({ query }: { readonly query: Kysely<Tables> }): Promise<Row[]> {
  const rows = await query.selectFrom('signing_key').selectAll().execute()
  return rows.map(({ kid, algorithm, sealed, created_at, active_from }) => ({
    kid,
    algorithm: algorithm as SigningAlgorithm,
    sealed,
    publishedAt: created_at,
    activeFrom: active_from,
  }))
}
