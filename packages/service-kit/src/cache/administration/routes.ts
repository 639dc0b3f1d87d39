import { Type } from 'typebox'
import type { FastifyTyped, RoutePolicy } from '#src/http/types.ts'
import { problems } from '#src/problem/problem-schema.ts'
import type { CacheAdministration } from './administration.ts'
import {
  CacheExplanationSchema,
  CacheInvalidationSchema,
  CacheKeySchema,
  CacheTagSchema,
  CacheViewSchema,
} from './schema.ts'

/** Keys of people, and how much is asked of which: for administrators only. */
const policy: RoutePolicy = { roles: ['administrator'], user: true }
const tags = ['cache']

/** Adds the administration of the cache below `/administration/caches/<name>`. `name`: that of the cluster, at the gateway. */
export function addCacheAdministration(
  app: FastifyTyped,
  { name, administration }: { name: 'orders' | 'users'; administration: CacheAdministration },
): void {
  const path = `/administration/caches/${name}` as const
  const idOf = (verb: string, what: string) => `${verb}${name === 'orders' ? 'Order' : 'User'}Cache${what}`

  app.get(
    path,
    {
      config: { policy },
      schema: {
        operationId: idOf('read', ''),
        summary: 'How the cache is, over all processes of the service',
        tags,
        response: { 200: CacheViewSchema },
      },
    },
    () => administration.view(),
  )

  app.post(
    `${path}/explanations`,
    {
      config: { policy },
      schema: {
        operationId: idOf('explain', 'Key'),
        summary: 'How one key stands, and why',
        tags,
        body: CacheKeySchema,
        response: { 200: CacheExplanationSchema, ...problems(404) },
      },
    },
    ({ body }) => administration.explain(body.class, body.key),
  )

  app.get(
    `${path}/invalidations`,
    {
      config: { policy },
      schema: {
        operationId: idOf('list', 'Invalidations'),
        summary: 'Who made what void, the newest first',
        tags,
        response: { 200: Type.Object({ items: Type.Array(CacheInvalidationSchema) }) },
      },
    },
    async () => ({ items: await administration.invalidations() }),
  )

  for (const [part, body, what] of [
    ['keys', CacheKeySchema, 'one key'],
    ['tags', CacheTagSchema, 'all that has a tag'],
  ] as const) {
    app.post(
      `${path}/invalidations/${part}`,
      {
        config: { policy },
        schema: {
          operationId: idOf('invalidate', part === 'keys' ? 'Key' : 'Tag'),
          summary: `Makes ${what} void`,
          tags,
          body,
          response: { 200: CacheInvalidationSchema, ...problems(404) },
        },
      },
      (request) => administration.invalidate(request.caller.sub, request.body),
    )
  }
}
