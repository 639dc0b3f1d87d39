import type { Database, Transaction } from '@alicerce/database'
import type {
  AuthenticationResponseJSON,
  PublicKeyCredentialCreationOptionsJSON,
  PublicKeyCredentialRequestOptionsJSON,
  RegistrationResponseJSON,
} from '@simplewebauthn/server'
import type { Selectable } from 'kysely'
import type { Tables } from '#src/schema.ts'
import type { Challenges } from './challenges.ts'

/** A library of three hundred modules: loaded when the first page offers a passkey, so that the server starts without it. */
const webauthn = () => import('@simplewebauthn/server')

/** A passkey as its owner sees it. */
export type PasskeyDescription = { id: string; name: string; createdAt: Date; lastUsedAt: Date | null }

/** Passkeys (WebAuthn level 3): discoverable, and always with the authenticator having recognised its owner, so that one is two factors. */
export type Passkeys = {
  list(accountId: string): Promise<PasskeyDescription[]>
  /** What the browser asks an authenticator for: any passkey of ours, or one of the account's. */
  signInOptions(purpose: string, accountId?: string): Promise<PublicKeyCredentialRequestOptionsJSON>
  /** Whose passkey has answered, once; undefined where the answer is not right, or is not of `accountId`. */
  use(
    tx: Transaction<Tables>,
    answer: { response: string; purpose: string; accountId?: string | undefined },
  ): Promise<string | undefined>
  /** What the browser asks an authenticator to make. */
  newOptions(purpose: string, owner: PasskeyOwner): Promise<PublicKeyCredentialCreationOptionsJSON>
  /** Undefined where the answer is not right. */
  add(
    tx: Transaction<Tables>,
    answer: { response: string; purpose: string; accountId: string; name: string },
  ): Promise<PasskeyDescription | undefined>
  /** Whether the account has such a passkey. */
  rename(tx: Transaction<Tables>, accountId: string, id: string, name: string): Promise<boolean>
  /** Whether the account had such a passkey. */
  remove(tx: Transaction<Tables>, accountId: string, id: string): Promise<boolean>
  removeAll(tx: Transaction<Tables>, accountId: string): Promise<void>
}

type PasskeyOwner = { id: string; email: string; name: string }
type Row = Selectable<Tables['passkey']>

/** Ed25519, ES256 and RS256 (COSE). */
const algorithms = [-8, -7, -257]

const descriptionOf = ({ id, name, created_at, last_used_at }: Row): PasskeyDescription => ({
  id,
  name,
  createdAt: created_at,
  lastUsedAt: last_used_at,
})

/** Passkeys in PostgreSQL, for the host of the issuer. */
export function createPasskeys({ database, challenges, issuer }: PasskeyParts): Passkeys {
  const { hostname: rpID, origin } = new URL(issuer)
  const rowsOf = (accountId: string) =>
    database.query
      .selectFrom('passkey')
      .selectAll()
      .where('account_id', '=', accountId)
      .orderBy('created_at')
      .execute()
  const known = async (accountId: string) =>
    (await rowsOf(accountId)).map(({ id, transports }) => ({ id, transports }))
  const expected = (purpose: string) => ({
    expectedChallenge: (challenge: string) => challenges.isFor(purpose, challenge),
    expectedOrigin: origin,
    expectedRPID: rpID,
    requireUserVerification: true,
  })

  return {
    list: async (accountId) => (await rowsOf(accountId)).map(descriptionOf),
    signInOptions: async (purpose, accountId) =>
      (await webauthn()).generateAuthenticationOptions({
        rpID,
        challenge: challenges.make(purpose),
        userVerification: 'required',
        ...(accountId && { allowCredentials: await known(accountId) }),
      }),
    async use(tx, { response, purpose, accountId }) {
      const answer = parsed<AuthenticationResponseJSON>(response)
      const row = answer && (await passkeyOf(tx, answer.id))
      if (!row || (accountId && row.account_id !== accountId)) return undefined
      const { userHandle } = answer.response
      if (userHandle && userHandle !== handleOf(row.account_id).toString('base64url')) return undefined
      const counter = Number(row.counter)
      const { verifyAuthenticationResponse } = await webauthn()
      const verified = await verifyAuthenticationResponse({
        ...expected(purpose),
        response: answer,
        credential: { id: row.id, publicKey: new Uint8Array(row.public_key), counter },
      }).catch(() => undefined)
      if (!verified?.verified || !(await challenges.spend(challengeOf(answer)))) return undefined
      const { numUpdatedRows } = await tx.query
        .updateTable('passkey')
        .set({ counter: verified.authenticationInfo.newCounter, last_used_at: new Date() })
        .where('id', '=', row.id)
        // A counter that two answers at once rise from is of a copied authenticator.
        .where('counter', '=', row.counter)
        .executeTakeFirst()
      return numUpdatedRows > 0n ? row.account_id : undefined
    },
    newOptions: async (purpose, { id, email, name }) =>
      (await webauthn()).generateRegistrationOptions({
        rpName: 'Alicerce',
        rpID,
        userID: new Uint8Array(handleOf(id)),
        userName: email,
        userDisplayName: name,
        challenge: challenges.make(purpose),
        attestationType: 'none',
        supportedAlgorithmIDs: algorithms,
        excludeCredentials: await known(id),
        authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
      }),
    async add(tx, { response, purpose, accountId, name }) {
      const answer = parsed<RegistrationResponseJSON>(response)
      if (!answer) return undefined
      const { verifyRegistrationResponse } = await webauthn()
      const verified = await verifyRegistrationResponse({
        ...expected(purpose),
        response: answer,
        supportedAlgorithmIDs: algorithms,
      }).catch(() => undefined)
      if (!verified?.verified || !(await challenges.spend(challengeOf(answer)))) return undefined
      const { id, publicKey, counter, transports = [] } = verified.registrationInfo.credential
      const row = await tx.query
        .insertInto('passkey')
        .values({
          ...{ id, account_id: accountId, public_key: Buffer.from(publicKey), counter },
          ...{ transports: transports.map(String), name },
        })
        .onConflict((conflict) => conflict.doNothing())
        .returningAll()
        .executeTakeFirst()
      return row && descriptionOf(row)
    },
    async rename(tx, accountId, id, name) {
      const { numUpdatedRows } = await tx.query
        .updateTable('passkey')
        .set({ name })
        .where('account_id', '=', accountId)
        .where('id', '=', id)
        .executeTakeFirst()
      return numUpdatedRows > 0n
    },
    async remove(tx, accountId, id) {
      const { numDeletedRows } = await tx.query
        .deleteFrom('passkey')
        .where('account_id', '=', accountId)
        .where('id', '=', id)
        .executeTakeFirst()
      return numDeletedRows > 0n
    },
    async removeAll(tx, accountId) {
      await tx.query.deleteFrom('passkey').where('account_id', '=', accountId).execute()
    },
  }
}

type PasskeyParts = {
  database: Database<Tables>
  challenges: Challenges
  /** The issuer's URL: passkeys belong to its host, and answer on its origin alone. */
  issuer: string
}

const passkeyOf = (tx: Transaction<Tables>, id: string) =>
  tx.query.selectFrom('passkey').selectAll().where('id', '=', id).executeTakeFirst()

/** What an authenticator knows the account by: its id, which tells nothing else (WebAuthn §14.6.1). */
const handleOf = (accountId: string) => Buffer.from(accountId.replaceAll('-', ''), 'hex')

/** What the browser sent, as far as it has the form of an answer; the rest is looked at when it is verified. */
function parsed<Answer extends AuthenticationResponseJSON | RegistrationResponseJSON>(
  text: string,
): Answer | undefined {
  try {
    const answer = JSON.parse(text) as Partial<Answer> | null
    const isAnswer = typeof answer?.id === 'string' && typeof answer.response?.clientDataJSON === 'string'
    return isAnswer ? (answer as Answer) : undefined
  } catch {
    return undefined
  }
}

/** The challenge of an answer that was verified. */
const challengeOf = ({ response }: AuthenticationResponseJSON | RegistrationResponseJSON) =>
  (JSON.parse(Buffer.from(response.clientDataJSON, 'base64url').toString()) as { challenge: string })
    .challenge
