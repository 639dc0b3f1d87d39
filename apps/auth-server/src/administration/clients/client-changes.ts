import type { Transaction } from '@alicerce/database'
import {
  conflict,
  entityTag,
  type FastifyReply,
  type FastifyRequest,
  type FastifyTyped,
  ifMatch,
  problems,
} from '@alicerce/service-kit'
import { Type } from 'typebox'
import { endGrantsOf } from '#src/adapter/grant-ending.ts'
import { writeAudit } from '#src/audit/audit.ts'
import type { Client } from '#src/clients/clients.ts'
import type { Tables } from '#src/schema.ts'
import { refuseUnsafe, withFaults } from './client-faults.ts'
import {
  ClientSchema,
  ClientSettingsSchema,
  metadataOf,
  presentClient,
  settingsOf,
} from './client-settings.ts'
import { type ClientParts, noClient, params, path, policy, SecretSchema, tags } from './clients.ts'

/** What becomes of a client once it is there. */
export function addClientChangeRoutes(app: FastifyTyped, parts: ClientParts): void {
  const { clients, revocations } = parts
  const change = createChange(parts)
  const config = { policy, ifMatch: true }

  app.put(
    `${path}/:id`,
    {
      config,
      schema: {
        operationId: 'changeClient',
        summary: 'Changes a client; every process follows within seconds',
        tags,
        params,
        body: ClientSettingsSchema,
        response: { 200: ClientSchema, ...problems(404, 409) },
      },
    },
    async (request, reply) => {
      refuseUnsafe(request.body)
      const changed = await withFaults(() =>
        change(request, 'change-client', async (tx, current) => ({
          result: await clients.change(tx, current.id, metadataOf(request.body, current.metadata)),
          details: { from: settingsOf(current.metadata), to: request.body },
        })),
      )
      return show(reply, changed)
    },
  )

  app.post(
    `${path}/:id/secret`,
    {
      config,
      schema: {
        operationId: 'rotateClientSecret',
        summary: 'Makes a new secret; the one before counts for a day more',
        tags,
        params,
        response: { 200: Type.Object({ secret: SecretSchema }), ...problems(404, 409) },
      },
    },
    async (request) => {
      const secret = await change(request, 'rotate-client-secret', async (tx, current) => {
        const { authentication } = settingsOf(current.metadata)
        if (!authentication.startsWith('client_secret'))
          throw conflict('This client does not authenticate by a secret.', { code: 'no-secret' })
        return { result: await clients.rotateSecret(tx, current.id) }
      })
      return { secret }
    },
  )

  app.put(
    `${path}/:id/status`,
    {
      config,
      schema: {
        operationId: 'changeClientStatus',
        summary: 'Disables a client, which ends its grants and tokens, or enables it again',
        tags,
        params,
        body: Type.Object({ disabled: Type.Boolean() }, { additionalProperties: false }),
        response: { 200: ClientSchema, ...problems(404, 409) },
      },
    },
    async (request, reply) => {
      const { disabled } = request.body
      const changed = await change(request, 'change-client-status', async (tx, current) => {
        if (disabled) await endTokens(tx, current.id)
        return { result: await clients.setDisabled(tx, current.id, disabled), details: { disabled } }
      })
      return show(reply, changed)
    },
  )

  app.delete(
    `${path}/:id`,
    {
      config,
      schema: {
        operationId: 'removeClient',
        summary: 'Removes a client with its grants and tokens',
        tags,
        params,
        response: { 204: Type.Null(), ...problems(404, 409) },
      },
    },
    async (request, reply) => {
      await change(request, 'remove-client', async (tx, current) => {
        await endTokens(tx, current.id)
        await tx.query.deleteFrom('consent').where('client_id', '=', current.id).execute()
        await clients.remove(tx, current.id)
        return { result: undefined, details: { settings: settingsOf(current.metadata) } }
      })
      return reply.code(204).send(null)
    },
  )

  /** Those that people gave it, and those that it got for itself, of which it is the subject. */
  async function endTokens(tx: Transaction<Tables>, clientId: string): Promise<void> {
    await endGrantsOf(tx, { clientId }, revocations)
    await revocations.revoke(tx, 'subject', clientId)
  }
}

function show(reply: FastifyReply, client: Client) {
  reply.header('etag', entityTag(client.version))
  return presentClient(client)
}

/** Changes a client in a transaction that has locked it, if it is still the version that the caller means, and tells the audit log. */
function createChange({ database, clients, whoAsks }: ClientParts) {
  return async <Result>(
    request: FastifyRequest,
    action: string,
    work: (
      tx: Transaction<Tables>,
      current: Client,
    ) => Promise<{ result: Result; details?: Record<string, unknown> }>,
  ): Promise<Result> => {
    const condition = ifMatch(request)
    const { id } = request.params as { id: string }
    if ((await clients.find(id))?.configured)
      throw conflict('This client is named by the configuration of the server. Change it there.', {
        code: 'configured-client',
      })
    return database.transaction(async (tx) => {
      const current = await clients.lock(tx, id)
      if (!current) throw noClient()
      condition.verify(current.version)
      const { result, details } = await work(tx, current)
      const outcome = 'done'
      await writeAudit(tx, { ...whoAsks(request), action, target: id, outcome, ...(details && { details }) })
      return result
    })
  }
}
