import { isDeepStrictEqual } from 'node:util'
import swagger from '@fastify/swagger'
import type { FastifySchema, RouteOptions } from 'fastify'
import { type JsonSchema, mapSchema } from './schema.ts'
import type { FastifyTyped, RoutePolicy } from './types.ts'

/** What the document says of the service. */
export type OpenApiInfo = { title: string; version: string; description: string }

/** Collects the routes that are added after it. */
export async function addOpenApi(app: FastifyTyped, info: OpenApiInfo): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info,
      components: {
        securitySchemes: {
          accessToken: {
            type: 'http',
            scheme: 'bearer',
            bearerFormat: 'JWT',
            description: 'RFC 9068 access token',
          },
        },
      },
    },
    transform: ({ schema, url, route }) => ({ url, schema: describeRoute(schema, route) }),
  })
}

/** The OpenAPI 3.1 document of an app that is ready. */
export function openApiDocument(app: FastifyTyped): JsonSchema {
  const { components, paths, ...rest } = app.swagger() as unknown as Record<string, JsonSchema>
  const schemas: Record<string, JsonSchema> = {}
  const described = describeProblems(hoistTitled(paths, schemas) as Paths)
  return { ...rest, components: { ...components, schemas: sorted(schemas) }, paths: described }
}

function describeRoute(schema: FastifySchema | undefined, route: RouteOptions): FastifySchema {
  const { policy, ifMatch, idempotencyKey } = route.config ?? {}
  const headers: Record<string, JsonSchema> = {
    ...(ifMatch && { 'If-Match': { type: 'string', description: 'The ETag that was read' } }),
    ...(idempotencyKey && {
      'Idempotency-Key': { type: 'string', description: 'The same for every repeat of this attempt' },
    }),
  }
  const own = schema?.headers as JsonSchema | undefined
  return {
    ...schema,
    ...(policy && policy !== 'anonymous' && { security: [{ accessToken: scopesOf(policy) }] }),
    ...(Object.keys(headers).length > 0 && {
      headers: {
        type: 'object',
        properties: { ...(own?.properties as object), ...headers },
        required: [...((own?.required as string[]) ?? []), ...Object.keys(headers)],
      },
    }),
  }
}

function scopesOf(policy: Exclude<RoutePolicy, 'anonymous'>): string[] {
  return [...(policy.scopes ?? [])]
}

/**
 * Every schema with a `title` becomes a component of that name, so that generated types have names. Two different schemas of one
 * name are an error.
 */
function hoistTitled(value: unknown, schemas: Record<string, JsonSchema>): unknown {
  if (Array.isArray(value)) return value.map((item) => hoistTitled(item, schemas))
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).map(([name, inner]) =>
    name === 'schema'
      ? [name, hoistSchema(inner as JsonSchema, schemas)]
      : [name, hoistTitled(inner, schemas)],
  )
  return Object.fromEntries(entries)
}

function hoistSchema(schema: JsonSchema, schemas: Record<string, JsonSchema>): JsonSchema {
  return mapSchema(schema, (part) => {
    const { title, ...body } = part
    if (typeof title !== 'string') return part
    const name = title.replaceAll(/[^\w.-]/g, '')
    if (schemas[name] && !isDeepStrictEqual(schemas[name], body))
      throw new TypeError(`Two different schemas have the title ${name}. Rename one`)
    schemas[name] = body
    return { $ref: `#/components/schemas/${name}` }
  })
}

type Paths = Record<string, Record<string, { responses?: Record<string, { content?: JsonSchema }> }>>

/** Problems have a media type of their own. */
function describeProblems(paths: Paths): Paths {
  for (const operation of Object.values(paths).flatMap((path) => Object.values(path))) {
    for (const [status, response] of Object.entries(operation.responses ?? {})) {
      const json = response.content?.['application/json']
      if (Number(status) >= 400 && json) response.content = { 'application/problem+json': json }
    }
  }
  return paths
}

function sorted<T>(record: Record<string, T>): Record<string, T> {
  return Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)))
}
