import { Readable } from 'node:stream'
import type { Policy } from '@alicerce/access-tokens'
import type { Database } from '@alicerce/database'
import {
  type Cursors,
  defaultPageSize,
  type FastifyTyped,
  notFound,
  PageSchema,
  pageQuery,
  problems,
} from '@alicerce/service-kit'
import { Type } from 'typebox'
import { writeAudit } from '#src/audit/audit.ts'
import type { AuditEvent, AuditFilter, AuditLog, AuditPosition } from '#src/audit/audit-log.ts'
import { csvLine } from '#src/audit/csv.ts'
import type { Tables } from '#src/schema.ts'
import type { WhoAsks } from './who-asks.ts'

/** What the API of the audit log needs. */
export type AuditParts = {
  database: Database<Tables>
  auditLog: AuditLog
  cursors: Cursors
  whoAsks: WhoAsks
}

const policy: Policy = { scopes: ['audit:read'], roles: ['administrator'], user: true }
const tags = ['audit']
const path = '/administration/audit-events'
const exportedAtOnce = 500
/** A long log takes its time; other requests have seconds. */
const exportMilliseconds = 10 * 60_000

const orNull = <Schema extends Parameters<typeof Type.Union>[0][number]>(schema: Schema) =>
  Type.Union([schema, Type.Null()])
const PartySchema = Type.Object(
  { id: Type.String(), name: orNull(Type.String()) },
  { title: 'AuditParty', additionalProperties: false },
)
const EventSchema = Type.Object(
  {
    id: Type.String({ format: 'uuid' }),
    at: Type.String({ format: 'date-time' }),
    action: Type.String(),
    actor: orNull(PartySchema),
    target: orNull(PartySchema),
    outcome: Type.String(),
    address: orNull(Type.String()),
    traceId: orNull(Type.String()),
    details: orNull(Type.Record(Type.String(), Type.Unknown())),
  },
  { title: 'AuditEvent', additionalProperties: false },
)
const id = 'An account or client by its id, or an account by its e-mail address'
const filter = {
  action: Type.Optional(Type.String({ maxLength: 100 })),
  actor: Type.Optional(Type.String({ maxLength: 320, description: id })),
  target: Type.Optional(Type.String({ maxLength: 320, description: id })),
  about: Type.Optional(Type.String({ maxLength: 320, description: `${id}, as actor or target` })),
  outcome: Type.Optional(Type.Enum(['done', 'refused'], { type: 'string' })),
  from: Type.Optional(Type.String({ format: 'date-time' })),
  to: Type.Optional(Type.String({ format: 'date-time', description: 'This moment itself is left out' })),
}

/** The audit log: nothing of it can be changed, and what somebody takes away of it is written into it. */
export function addAuditRoutes(app: FastifyTyped, parts: AuditParts): void {
  const { database, auditLog, cursors, whoAsks } = parts

  app.get(
    path,
    {
      config: { policy },
      schema: {
        operationId: 'listAuditEvents',
        summary: 'What happened, newest first',
        tags,
        querystring: Type.Object({ ...filter, ...pageQuery }),
        response: { 200: PageSchema(EventSchema, 'AuditEventPage') },
      },
    },
    async (request) => {
      const { limit = defaultPageSize, cursor, ...wanted } = request.query
      const position = cursors.read(wanted, cursor) as [string, string] | undefined
      const after = position && { at: position[0], id: position[1] }
      const { items, next } = await auditLog.list(wanted, { limit, ...(after && { after }) })
      return { items, nextCursor: next ? cursors.write(wanted, [next.at, next.id]) : null }
    },
  )

  app.get(
    `${path}/:id`,
    {
      config: { policy },
      schema: {
        operationId: 'getAuditEvent',
        summary: 'One entry',
        tags,
        params: Type.Object({ id: Type.String({ format: 'uuid' }) }),
        response: { 200: EventSchema, ...problems(404) },
      },
    },
    async (request) => {
      const event = await auditLog.find(request.params.id)
      if (!event) throw notFound('There is no such entry.')
      return event
    },
  )

  app.get(
    '/administration/audit-actions',
    {
      config: { policy },
      schema: {
        operationId: 'listAuditActions',
        summary: 'Every action that is in the log, to filter by',
        tags,
        response: { 200: Type.Object({ items: Type.Array(Type.String()) }) },
      },
    },
    async () => ({ items: await auditLog.actions() }),
  )

  app.get(
    '/administration/audit-export',
    {
      config: { policy },
      handlerTimeout: exportMilliseconds,
      schema: {
        operationId: 'exportAuditEvents',
        summary: 'The same entries as CSV',
        tags,
        querystring: Type.Object(filter),
        response: { 200: { content: { 'text/csv': { schema: Type.Unsafe<Readable>(Type.String()) } } } },
      },
    },
    async (request, reply) => {
      await writeAudit(database, {
        ...whoAsks(request),
        action: 'export-audit',
        outcome: 'done',
        details: request.query,
      })
      reply.header('content-type', 'text/csv; charset=utf-8')
      reply.header('content-disposition', 'attachment; filename="audit.csv"')
      return reply.send(Readable.from(csvOf(auditLog, request.query)))
    },
  )
}

/** Read in batches as the caller takes them: the log may be longer than memory. */
async function* csvOf(auditLog: AuditLog, filter: AuditFilter): AsyncGenerator<string> {
  // Spreadsheets know by the first sign that this is UTF-8.
  yield `\uFEFF${csvLine(columns.map(([name]) => name))}`
  let after: AuditPosition | undefined
  do {
    const { items, next } = await auditLog.list(filter, { limit: exportedAtOnce, ...(after && { after }) })
    yield items.map((event) => csvLine(columns.map(([, cell]) => cell(event)))).join('')
    after = next
  } while (after)
}

const columns: [string, (event: AuditEvent) => string | null | undefined][] = [
  ['id', ({ id }) => id],
  ['at', ({ at }) => at],
  ['action', ({ action }) => action],
  ['outcome', ({ outcome }) => outcome],
  ['actor', ({ actor }) => actor?.id],
  ['actor name', ({ actor }) => actor?.name],
  ['target', ({ target }) => target?.id],
  ['target name', ({ target }) => target?.name],
  ['address', ({ address }) => address],
  ['trace id', ({ traceId }) => traceId],
  ['details', ({ details }) => details && JSON.stringify(details)],
]
