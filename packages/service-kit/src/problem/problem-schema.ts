import { Type } from 'typebox'

/** The body of every 4xx and 5xx, for a route's contract. Further members are allowed. */
export const ProblemSchema = Type.Object(
  {
    type: Type.String({ description: 'URI of the kind of problem' }),
    title: Type.String(),
    status: Type.Integer(),
    detail: Type.String(),
    code: Type.String({ description: 'The kind of problem, for programs' }),
    traceId: Type.String({ description: 'Find the request in the logs by it' }),
    errors: Type.Optional(
      Type.Array(
        Type.Object({
          pointer: Type.Optional(Type.String({ description: 'JSON Pointer into the body' })),
          parameter: Type.Optional(Type.String({ description: 'Name of a path, query or header parameter' })),
          detail: Type.String(),
        }),
      ),
    ),
  },
  {
    title: 'Problem',
    description: 'Problem details (RFC 9457), as application/problem+json',
    additionalProperties: true,
  },
)

/**
 * Declares that a route answers these statuses with a problem: `response: { 200: Order, ...problems(404, 409) }`. Those that the
 * kit itself gives (400, 401, 403, 413, 415, 500, 503, and by the route's config 409, 412, 422, 428) it declares itself.
 */
export function problems<const Status extends number>(
  ...statuses: Status[]
): Record<Status, typeof ProblemSchema> {
  return Object.fromEntries(statuses.map((status) => [status, ProblemSchema])) as Record<
    Status,
    typeof ProblemSchema
  >
}
