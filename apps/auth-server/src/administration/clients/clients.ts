import type { Policy } from '@alicerce/access-tokens'
import type { Database } from '@alicerce/database'
import {
  type Cursors,
  defaultPageSize,
  entityTag,
  type FastifyTyped,
  notFound,
  notModified,
  PageSchema,
  pageQuery,
  problems,
  toPage,
} from '@alicerce/service-kit'
import { Type } from 'typebox'
import { writeAudit } from '#src/audit/audit.ts'
import type { Clients } from '#src/clients/clients.ts'
import type { Revocations } from '#src/revocations/revocations.ts'
import type { Tables } from '#src/schema.ts'
import type { WhoAsks } from '../who-asks.ts'
import { refuseUnsafe, withFaults } from './client-faults.ts'
import { ClientSchema, ClientSettingsSchema, metadataOf, presentClient } from './client-settings.ts'
import { redirectRules, testRedirectUri } from './redirect-uri-test.ts'

/** What the API of clients needs. */
export type ClientParts = {
  database: Database<Tables>
  clients: Clients
  revocations: Revocations
  cursors: Cursors
  whoAsks: WhoAsks
}

/** Who may change clients. */
export const policy: Policy = { scopes: ['clients:manage'], roles: ['administrator'], user: true }
export const tags = ['clients']
export const path = '/administration/clients'
export const params = Type.Object({ id: Type.String({ minLength: 1, maxLength: 200 }) })

/** A secret is in the one answer that makes it, and nowhere else. */
export const SecretSchema = Type.Union([Type.String(), Type.Null()], {
  description: 'Shown this once: only a hash of it is kept. null where the client needs none',
})

/** Clients: who they are, and making one. */
export function addClientRoutes(app: FastifyTyped, parts: ClientParts): void {
  const { database, clients, cursors, whoAsks } = parts

  app.get(
    path,
    {
      config: { policy },
      schema: {
        operationId: 'listClients',
        summary: 'Clients by id',
        tags,
        querystring: Type.Object({
          search: Type.Optional(Type.String({ maxLength: 100, description: 'Part of an id or a name' })),
          ...pageQuery,
        }),
        response: { 200: PageSchema(ClientSchema, 'ClientPage') },
      },
    },
    async (request) => {
      const { limit = defaultPageSize, cursor, ...filter } = request.query
      const [after] = (cursors.read(filter, cursor) ?? []) as string[]
      const found = await clients.list({ ...filter, limit: limit + 1, ...(after && { after }) })
      const page = toPage(found, limit, ({ id }) => cursors.write(filter, [id]))
      return { items: page.items.map(presentClient), nextCursor: page.nextCursor }
    },
  )

  app.get(
    `${path}/:id`,
    {
      config: { policy },
      schema: {
        operationId: 'getClient',
        summary: 'One client',
        tags,
        params,
        response: { 200: ClientSchema, 304: Type.Null(), ...problems(404) },
      },
    },
    async (request, reply) => {
      const client = await clients.find(request.params.id)
      if (!client) throw noClient()
      if (notModified(request, reply, client.version)) return reply.code(304).send(null)
      return presentClient(client)
    },
  )

  // No `Idempotency-Key`: the answer that is kept for it would hold the secret in clear.
  app.post(
    path,
    {
      config: { policy },
      schema: {
        operationId: 'createClient',
        summary: 'Makes a client, with a secret where it authenticates by one',
        tags,
        body: ClientSettingsSchema,
        response: { 201: Type.Object({ client: ClientSchema, secret: SecretSchema }) },
      },
    },
    async (request, reply) => {
      refuseUnsafe(request.body)
      const { client, secret } = await withFaults(() =>
        database.transaction(async (tx) => {
          const created = await clients.create(tx, metadataOf(request.body))
          await writeAudit(tx, {
            ...whoAsks(request),
            action: 'create-client',
            target: created.client.id,
            outcome: 'done',
            details: { settings: request.body },
          })
          return created
        }),
      )
      reply.code(201).headers({ location: `${path}/${client.id}`, etag: entityTag(client.version) })
      return { client: presentClient(client), secret: secret ?? null }
    },
  )

  app.post(
    `${path}/:id/redirect-uri-test`,
    {
      config: { policy },
      schema: {
        operationId: 'testRedirectUri',
        summary: 'Whether codes would be sent to an address, and which rule refuses it',
        tags,
        params,
        body: Type.Object({ uri: Type.String({ maxLength: 2000 }) }, { additionalProperties: false }),
        response: {
          200: Type.Object(
            {
              accepted: Type.Boolean(),
              rule: Type.Union([Type.Enum([...redirectRules], { type: 'string' }), Type.Null()]),
              nearest: Type.Union([Type.String(), Type.Null()]),
            },
            { title: 'RedirectUriTest', additionalProperties: false },
          ),
          ...problems(404),
        },
      },
    },
    async (request) => {
      const client = await clients.find(request.params.id)
      if (!client) throw noClient()
      return testRedirectUri(request.body.uri, client.metadata)
    },
  )
}

/** 404: there is no client of this id. */
export const noClient = () => notFound('There is no client with this id.')
