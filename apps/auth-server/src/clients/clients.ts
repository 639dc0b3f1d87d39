import { randomBytes } from 'node:crypto'
import type { Database, Transaction } from '@alicerce/database'
import type { Clock } from '@alicerce/service-kit'
import type { Selectable } from 'kysely'
import type { ClientMetadata } from 'oidc-provider'
import type { Tables } from '#src/schema.ts'
import { keepSecret, makeSecret, rotated } from './client-secrets.ts'

/** A client as administrators see it. */
export type Client = {
  id: string
  /** Client metadata (RFC 7591), without the id and without secrets. */
  metadata: ClientMetadata
  /** When each secret that still counts was made and when it ends, the newest first. */
  secrets: { createdAt: string; expiresAt: string | null }[]
  disabled: boolean
  /** Named by the configuration: it cannot be changed here. */
  configured: boolean
  version: number
  createdAt: string
}

/** The parties that may ask for tokens: those that the configuration names, and those in PostgreSQL. */
export type Clients = {
  find(id: string): Promise<Client | undefined>
  /** By id. `search` looks into ids and names. */
  list(options: { after?: string; limit: number; search?: string }): Promise<Client[]>
  /** The secret is told here and never again; clients that need none have none. @throws what `validate` throws */
  create(
    tx: Transaction<Tables>,
    metadata: ClientMetadata,
  ): Promise<{ client: Client; secret: string | undefined }>
  /** The client, locked until the transaction ends. Those of the configuration are not here. */
  lock(tx: Transaction<Tables>, id: string): Promise<Client | undefined>
  /** @throws what `validate` throws */
  change(tx: Transaction<Tables>, id: string, metadata: ClientMetadata): Promise<Client>
  /** A new secret; the one before counts for a day more. */
  rotateSecret(tx: Transaction<Tables>, id: string): Promise<string>
  setDisabled(tx: Transaction<Tables>, id: string, disabled: boolean): Promise<Client>
  remove(tx: Transaction<Tables>, id: string): Promise<void>
  /** What the provider gets: metadata with the hashes of the secrets. At most five seconds old (F-17). */
  metadataOf(id: string): Promise<ClientMetadata | undefined>
}

type Row = Selectable<Tables['oauth_client']>

const cacheMilliseconds = 5000
/** Unknown ids are remembered too; whoever makes them up must not fill the memory. */
const cacheSize = 10_000

/** Clients, with what the provider asks of them held in memory for some seconds. */
export function createClients(parts: {
  database: Database<Tables>
  configured: readonly ClientMetadata[]
  /** Refuses metadata that the provider would not take. */
  validate(metadata: ClientMetadata): void
  clock: Clock
}): Clients {
  const { database, validate, clock } = parts
  const configured = new Map(parts.configured.map((metadata) => [metadata.client_id, metadata]))
  const cache = new Map<string, { readAt: number; metadata: ClientMetadata | undefined }>()

  async function read(id: string): Promise<ClientMetadata | undefined> {
    const row = await database.query
      .selectFrom('oauth_client')
      .selectAll()
      .where('client_id', '=', id)
      .where('disabled', '=', false)
      .executeTakeFirst()
    if (!row) return undefined
    return withSecrets({ ...row.metadata, client_id: id }, row.secrets)
  }

  async function update(
    tx: Transaction<Tables>,
    id: string,
    values: { metadata?: string; secrets?: string; disabled?: boolean },
  ): Promise<Client> {
    const row = await tx.query
      .updateTable('oauth_client')
      .set((expression) => ({ ...values, version: expression('version', '+', 1), updated_at: new Date() }))
      .where('client_id', '=', id)
      .returningAll()
      .executeTakeFirstOrThrow()
    tx.afterCommit(() => void cache.delete(id))
    return clientOf(row)
  }

  return {
    async find(id) {
      const named = configured.get(id)
      if (named) return configuredClient(named)
      const row = await database.query
        .selectFrom('oauth_client')
        .selectAll()
        .where('client_id', '=', id)
        .executeTakeFirst()
      return row && clientOf(row)
    },
    async list({ after = '', limit, search = '' }) {
      const wanted = (client: Client) =>
        client.id > after &&
        `${client.id} ${client.metadata.client_name}`.toLowerCase().includes(search.toLowerCase())
      const pattern = `%${search.replace(/[\\%_]/g, '\\$&')}%`
      const rows = await database.query
        .selectFrom('oauth_client')
        .selectAll()
        .where('client_id', '>', after)
        .where((is) =>
          is.or([
            is('client_id', 'ilike', pattern),
            is(is.ref('metadata', '->>').key('client_name'), 'ilike', pattern),
          ]),
        )
        .orderBy('client_id')
        .limit(limit)
        .execute()
      const named = [...configured.values()].map(configuredClient).filter(wanted)
      return [...named, ...rows.map(clientOf)]
        .toSorted((one, other) => (one.id < other.id ? -1 : 1))
        .slice(0, limit)
    },
    async create(tx, metadata) {
      // Never the id of an account, which is a UUID: a token's `sub` is one or the other (AS-29).
      const id = `client_${randomBytes(12).toString('base64url')}`
      validate(withSecrets({ ...metadata, client_id: id }, []))
      const secret = needsSecret(metadata) ? makeSecret() : undefined
      const row = await tx.query
        .insertInto('oauth_client')
        .values({
          client_id: id,
          metadata: JSON.stringify(metadata),
          secrets: JSON.stringify(secret ? [keepSecret(secret, clock.now())] : []),
        })
        .returningAll()
        .executeTakeFirstOrThrow()
      return { client: clientOf(row), secret }
    },
    async lock(tx, id) {
      const row = await tx.query
        .selectFrom('oauth_client')
        .selectAll()
        .where('client_id', '=', id)
        .forUpdate()
        .executeTakeFirst()
      return row && clientOf(row)
    },
    async change(tx, id, metadata) {
      validate(withSecrets({ ...metadata, client_id: id }, []))
      return update(tx, id, { metadata: JSON.stringify(metadata) })
    },
    async rotateSecret(tx, id) {
      const { secrets } = await tx.query
        .selectFrom('oauth_client')
        .select('secrets')
        .where('client_id', '=', id)
        .forUpdate()
        .executeTakeFirstOrThrow()
      const secret = makeSecret()
      await update(tx, id, { secrets: JSON.stringify(rotated(secrets, secret, clock.now())) })
      return secret
    },
    setDisabled: (tx, id, disabled) => update(tx, id, { disabled }),
    async remove(tx, id) {
      await tx.query.deleteFrom('oauth_client').where('client_id', '=', id).execute()
      tx.afterCommit(() => void cache.delete(id))
    },
    async metadataOf(id) {
      const named = configured.get(id)
      if (named) return named
      const held = cache.get(id)
      const now = clock.now()
      if (held && now - held.readAt < cacheMilliseconds) return held.metadata
      const metadata = await read(id)
      if (cache.size >= cacheSize) cache.clear()
      cache.set(id, { readAt: now, metadata })
      return metadata
    },
  }
}

/** The provider wants to see a secret where the client has one; it is compared by the hashes instead. */
export function withSecrets(metadata: ClientMetadata, secrets: Row['secrets']): ClientMetadata {
  if (!needsSecret(metadata)) return metadata
  return { ...metadata, client_secret: 'kept-as-hash', secretHashes: secrets }
}

const needsSecret = ({ token_endpoint_auth_method: method = 'client_secret_basic' }: ClientMetadata) =>
  method.startsWith('client_secret')

const clientOf = (row: Row): Client => ({
  id: row.client_id,
  metadata: row.metadata,
  secrets: row.secrets.map(({ createdAt, expiresAt }) => ({ createdAt, expiresAt })),
  disabled: row.disabled,
  configured: false,
  version: row.version,
  createdAt: row.created_at.toISOString(),
})

function configuredClient({
  client_id,
  secretHashes: _hashes,
  client_secret: _secret,
  ...metadata
}: ClientMetadata): Client {
  return {
    id: client_id,
    metadata: metadata as ClientMetadata,
    secrets: [],
    disabled: false,
    configured: true,
    version: 1,
    createdAt: new Date(0).toISOString(),
  }
}
