import type { Policy } from '@alicerce/access-tokens'
import type { Database } from '@alicerce/database'
import {
  conflict,
  entityTag,
  type FastifyTyped,
  ifMatch,
  notFound,
  notModified,
  problems,
} from '@alicerce/service-kit'
import { Type } from 'typebox'
import { writeAudit } from '#src/audit/audit.ts'
import { apiScopes } from '#src/clients/configured-clients.ts'
import type { Roles } from '#src/roles/roles.ts'
import type { Tables } from '#src/schema.ts'
import type { WhoAsks } from './who-asks.ts'

/** What the API of roles needs. */
export type RoleParts = { database: Database<Tables>; roles: Roles; whoAsks: WhoAsks }

/** Without these nobody could give the others back. */
const indispensable = ['roles:manage', 'accounts:manage']

const policy: Policy = { scopes: ['roles:manage'], roles: ['administrator'], user: true }
const tags = ['roles']
const params = Type.Object({ name: Type.String({ maxLength: 50 }) })
const ScopesSchema = Type.Array(Type.Enum([...apiScopes], { title: 'ApiScope', type: 'string' }), {
  uniqueItems: true,
})
const RoleSchema = Type.Object(
  {
    name: Type.String(),
    description: Type.String(),
    scopes: ScopesSchema,
    version: Type.Integer(),
  },
  { title: 'Role', additionalProperties: false },
)

/** Roles and the scopes that they grant. */
export function addRoleRoutes(app: FastifyTyped, { database, roles, whoAsks }: RoleParts): void {
  app.get(
    '/administration/roles',
    {
      config: { policy },
      schema: {
        operationId: 'listRoles',
        summary: 'All roles, and every scope that one can grant',
        tags,
        response: { 200: Type.Object({ items: Type.Array(RoleSchema), scopes: ScopesSchema }) },
      },
    },
    async () => ({ items: await roles.list(), scopes: apiScopes }),
  )

  app.get(
    '/administration/roles/:name',
    {
      config: { policy },
      schema: {
        operationId: 'getRole',
        summary: 'One role',
        tags,
        params,
        response: { 200: RoleSchema, 304: Type.Null(), ...problems(404) },
      },
    },
    async (request, reply) => {
      const role = await roles.find(request.params.name)
      if (!role) throw noRole()
      if (notModified(request, reply, role.version)) return reply.code(304).send(null)
      return role
    },
  )

  app.put(
    '/administration/roles/:name',
    {
      config: { policy, ifMatch: true },
      schema: {
        operationId: 'changeRole',
        summary: 'Says what a role grants, from the next token of its people on',
        tags,
        params,
        body: Type.Object(
          { description: Type.String({ minLength: 1, maxLength: 200 }), scopes: ScopesSchema },
          { additionalProperties: false },
        ),
        response: { 200: RoleSchema, ...problems(404, 409) },
      },
    },
    async (request, reply) => {
      const { description, scopes } = request.body
      const condition = ifMatch(request)
      const changed = await database.transaction(async (tx) => {
        const current = await roles.lock(tx, request.params.name)
        if (!current) throw noRole()
        condition.verify(current.version)
        refuseLockOut(current.name, scopes)
        await writeAudit(tx, {
          ...whoAsks(request),
          action: 'change-role',
          target: current.name,
          outcome: 'done',
          details: { from: current.scopes, to: scopes },
        })
        return roles.change(tx, current.name, { description, scopes })
      })
      reply.header('etag', entityTag(changed.version))
      return changed
    },
  )
}

function refuseLockOut(name: string, scopes: readonly string[]): void {
  const missing = indispensable.filter((scope) => !scopes.includes(scope))
  if (name === 'administrator' && missing.length > 0)
    throw conflict(
      `The role administrator keeps ${missing.join(' and ')}: without, nobody could undo this.`,
      {
        code: 'own-role',
      },
    )
}

const noRole = () => notFound('There is no role of this name.')
