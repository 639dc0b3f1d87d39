import type { Policy } from '@alicerce/access-tokens'
import {
  defaultPageSize,
  type FastifyTyped,
  notFound,
  notModified,
  PageSchema,
  type Paging,
  pageQuery,
  problems,
} from '@alicerce/service-kit'
import { Type } from 'typebox'
import { AccountStatusSchema, ProfileSchema, ProfileSummarySchema } from '#src/domain/profile.ts'
import type { Position } from '#src/ports/profiles.ts'
import { type Profiles, profileSorts } from '#src/ports/profiles.ts'

const staff: Policy = { scopes: ['users:read'], roles: ['support', 'administrator'], user: true }
const tags = ['profiles']

/** What the staff sees of everybody. Roles and status are changed where accounts live, at the auth server. */
export function addProfileRoutes(
  app: FastifyTyped,
  parts: { profiles: Profiles; paging: Paging<Position> },
): void {
  const { profiles, paging } = parts

  app.get(
    '/users',
    {
      config: { policy: staff },
      schema: {
        operationId: 'listProfiles',
        summary: 'People by name, address, role and status',
        tags,
        querystring: Type.Object({
          search: Type.Optional(Type.String({ maxLength: 100, description: 'Part of a name or an address' })),
          role: Type.Optional(Type.String({ maxLength: 50 })),
          status: Type.Optional(AccountStatusSchema),
          sort: Type.Optional(Type.Enum([...profileSorts], { type: 'string', default: 'name' })),
          ...pageQuery,
        }),
        response: { 200: PageSchema(ProfileSummarySchema, 'ProfilePage') },
      },
    },
    async (request) => {
      const { limit = defaultPageSize, cursor, sort = 'name', ...rest } = request.query
      const filter = { ...rest, sort }
      const after = paging.positionOf(cursor, filter)
      const { items, next, total } = await profiles.list({ ...filter, limit, ...(after && { after }) })
      return { items, nextCursor: paging.cursorOf(next, filter), total }
    },
  )

  app.get(
    '/users/:id',
    {
      config: { policy: staff },
      schema: {
        operationId: 'getProfile',
        summary: 'One person',
        tags,
        params: Type.Object({ id: Type.String({ minLength: 1, maxLength: 100 }) }),
        response: { 200: ProfileSchema, 304: Type.Null(), ...problems(404) },
      },
    },
    async (request, reply) => {
      const profile = await profiles.get(request.params.id)
      if (!profile) throw notFound('There is no such person.')
      if (notModified(request, reply, profile.version)) return reply.code(304).send(null)
      return profile
    },
  )
}
