import type { Policy } from '@alicerce/access-tokens'
import type { Database } from '@alicerce/database'
import { type FastifyTyped, notFound, problems } from '@alicerce/service-kit'
import { Type } from 'typebox'
import { writeAudit } from '#src/audit/audit.ts'
import type { Clients } from '#src/clients/clients.ts'
import type { Consents } from '#src/consents/consents.ts'
import type { Tables } from '#src/schema.ts'
import type { WhoAsks } from './who-asks.ts'

/** What the API of consents needs. */
export type ConsentParts = {
  database: Database<Tables>
  consents: Consents
  clients: Clients
  whoAsks: WhoAsks
}

const policy: Policy = { scopes: ['accounts:manage'], roles: ['administrator'], user: true }
const tags = ['accounts']
const id = Type.String({ format: 'uuid' })
const ConsentSchema = Type.Object(
  {
    clientId: Type.String(),
    clientName: Type.String(),
    scopes: Type.Array(Type.String()),
    grantedAt: Type.String({ format: 'date-time' }),
  },
  { title: 'Consent', additionalProperties: false },
)

/** What people have allowed clients that are not ours. */
export function addConsentRoutes(app: FastifyTyped, parts: ConsentParts): void {
  const { database, consents, clients, whoAsks } = parts

  app.get(
    '/accounts/:id/consents',
    {
      config: { policy },
      schema: {
        operationId: 'listConsents',
        summary: 'What a person has allowed which client',
        tags,
        params: Type.Object({ id }),
        response: { 200: Type.Object({ items: Type.Array(ConsentSchema) }) },
      },
    },
    async (request) => {
      const given = await consents.list(request.params.id)
      const items = await Promise.all(
        given.map(async (consent) => {
          const client = await clients.find(consent.clientId)
          return { ...consent, clientName: client?.metadata.client_name ?? consent.clientId }
        }),
      )
      return { items }
    },
  )

  app.delete(
    '/accounts/:id/consents/:clientId',
    {
      config: { policy },
      schema: {
        operationId: 'revokeConsent',
        summary: 'Takes a consent back: the grants of the client for this person end, with their tokens',
        tags,
        params: Type.Object({ id, clientId: Type.String({ maxLength: 200 }) }),
        response: { 204: Type.Null(), ...problems(404) },
      },
    },
    async (request, reply) => {
      const { id: account, clientId } = request.params
      if (!(await consents.find(account, clientId)))
        throw notFound('This person has not allowed this client anything.')
      await database.transaction(async (tx) => {
        await writeAudit(tx, {
          ...whoAsks(request),
          action: 'revoke-consent',
          target: account,
          outcome: 'done',
          details: { clientId },
        })
        await consents.revoke(tx, account, clientId)
      })
      return reply.code(204).send(null)
    },
  )
}
