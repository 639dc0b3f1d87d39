import { createDatabase } from '@alicerce/database'
import { sql } from 'kysely'
import { Type } from 'typebox'
import {
  createCursors,
  createIdempotency,
  createTelemetry,
  entityTag,
  type FastifyTyped,
  idempotencyMigration,
  ifMatch,
  notFound,
  notModified,
  PageSchema,
  pageQuery,
  problems,
  toPage,
} from '#src/index.ts'

const Note = Type.Object(
  { id: Type.Integer(), text: Type.String(), version: Type.Integer() },
  { title: 'Note' },
)
const NewNote = Type.Object({ text: Type.String({ minLength: 1 }) }, { title: 'NewNote' })
const Id = Type.Object({ id: Type.Integer() })

type Schema = { notes: { id: number; owner: string; text: string; version: number } }

/** Tables of a service as small as can be. */
export const migrations = {
  '1-notes': {
    up: async (db: Parameters<typeof idempotencyMigration.up>[0]) => {
      await sql`create table notes (id integer generated always as identity primary key, owner text not null,
        text text not null, version integer not null default 1)`.execute(db)
    },
  },
  '2-idempotency': idempotencyMigration,
}

/** Everything the kit offers, put to use once: the contract suite runs on it. */
export function createNotes({ url, log }: { url: string; log: Parameters<typeof createDatabase>[0]['log'] }) {
  const telemetry = createTelemetry({ name: 'notes', log })
  const database = createDatabase<Schema>({ url, applicationName: 'notes', log, onQuery: telemetry.onQuery })
  const idempotency = createIdempotency({ database })
  const cursors = createCursors({ secret: url })
  const read = { policy: { scopes: ['notes:read'], user: true } }
  const write = { policy: { scopes: ['notes:write'], user: true } }
  const columns = ['id', 'text', 'version'] as const

  function addRoutes(app: FastifyTyped): void {
    app.post(
      '/notes',
      { config: { ...write, idempotencyKey: true }, schema: { body: NewNote, response: { 201: Note } } },
      (request, reply) =>
        idempotency.run(request, reply, async (tx) => {
          const note = await tx.query
            .insertInto('notes')
            .values({ owner: request.caller.sub, text: request.body.text, version: 1 } as Schema['notes'])
            .returning(columns)
            .executeTakeFirstOrThrow()
          const headers = { location: `/notes/${note.id}`, etag: entityTag(note.version) }
          return { status: 201, headers, body: note }
        }),
    )
    app.get(
      '/notes/:id',
      { config: read, schema: { params: Id, response: { 200: Note, 304: Type.Null(), ...problems(404) } } },
      async (request, reply) => {
        const { id } = request.params
        const found = database.query.selectFrom('notes').select(columns).where('id', '=', id)
        const note = await found.where('owner', '=', request.caller.sub).executeTakeFirst()
        if (!note) throw notFound()
        return notModified(request, reply, note.version) ? reply.code(304).send(null) : note
      },
    )
    app.put(
      '/notes/:id',
      {
        config: { ...write, ifMatch: true },
        schema: { params: Id, body: NewNote, response: { 200: Note, ...problems(404) } },
      },
      (request, reply) =>
        database.transaction(async ({ query }) => {
          const { id } = request.params
          const mine = query.selectFrom('notes').select(columns).where('id', '=', id).forUpdate()
          const before = await mine.where('owner', '=', request.caller.sub).executeTakeFirst()
          if (!before) throw notFound()
          ifMatch(request).verify(before.version)
          const after = { text: request.body.text, version: before.version + 1 }
          await query.updateTable('notes').set(after).where('id', '=', id).execute()
          reply.header('etag', entityTag(after.version))
          return { id, ...after }
        }),
    )
    app.get(
      '/notes',
      {
        config: read,
        schema: {
          querystring: Type.Object({
            ...pageQuery,
            text: Type.Optional(Type.String()),
            sort: Type.Optional(Type.Union([Type.Literal('id'), Type.Literal('-id')])),
          }),
          response: { 200: PageSchema(Note, 'NotePage') },
        },
      },
      async ({ query, caller }) => {
        const { limit = 24, cursor, ...filter } = query
        const after = cursors.read(filter, cursor)?.[0] ?? 0
        let rows = database.query.selectFrom('notes').select(columns).where('owner', '=', caller.sub)
        rows = rows.where('id', '>', Number(after)).orderBy('id')
        if (filter.text) rows = rows.where('text', '=', filter.text)
        const found = await rows.limit(limit + 1).execute()
        return toPage(found, limit, (last) => cursors.write(filter, [last.id]))
      },
    )
  }
  return { addRoutes, database, telemetry }
}
