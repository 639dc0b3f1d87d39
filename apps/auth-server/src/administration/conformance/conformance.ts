import type { Policy } from '@alicerce/access-tokens'
import { type Cursors, defaultPageSize, type FastifyTyped, pageQuery, toPage } from '@alicerce/service-kit'
import type { ClientMetadata } from 'oidc-provider'
import { Type } from 'typebox'
import type { Clients } from '#src/clients/clients.ts'
import { type SigningKeys, signingAlgorithms } from '#src/keys/signing-keys.ts'
import { lifetimes } from '#src/provider/protocol.ts'
import { accessTokenSeconds } from '#src/provider/resources.ts'
import { clientRules } from './client-rules.ts'
import { judge, profiles } from './rule.ts'
import { type ServerFacts, serverRules } from './server-rules.ts'

/** What the report is made from. */
export type ConformanceParts = {
  clients: Clients
  signingKeys: SigningKeys
  cursors: Cursors
  /** The metadata document, as everybody gets it. */
  serverMetadata: () => Promise<Record<string, unknown>>
}

const policy: Policy = { scopes: ['clients:manage'], roles: ['administrator'], user: true }
const TextSchema = Type.Object({ en: Type.String(), 'pt-BR': Type.String() }, { title: 'LocalizedText' })
const TextOrNull = Type.Union([TextSchema, Type.Null()])
const Score = Type.Integer({ minimum: 0, maximum: 100, description: 'Percent of the rules that hold' })
const ReportSchema = Type.Object(
  {
    scores: Type.Object({ 'oauth2.1': Score, fapi2: Score }),
    findings: Type.Array(
      Type.Object(
        {
          id: Type.String(),
          profile: Type.Enum([...profiles], { title: 'ConformanceProfile', type: 'string' }),
          source: Type.String({ description: 'Document and section' }),
          title: TextSchema,
          outcome: Type.Enum(['pass', 'fail'], { type: 'string' }),
          reason: TextOrNull,
          mend: TextOrNull,
        },
        { title: 'ConformanceFinding', additionalProperties: false },
      ),
    ),
  },
  { title: 'ConformanceReport', additionalProperties: false },
)

/** Holds the server and its clients against OAuth 2.1 and FAPI 2.0. */
export function addConformanceRoute(app: FastifyTyped, parts: ConformanceParts): void {
  const { clients, cursors } = parts
  app.get(
    '/administration/conformance',
    {
      config: { policy },
      schema: {
        operationId: 'getConformance',
        summary: 'How far the server and each client keep OAuth 2.1 and FAPI 2.0, with reasons and mends',
        tags: ['conformance'],
        querystring: Type.Object(pageQuery),
        response: {
          200: Type.Object({
            server: ReportSchema,
            clients: Type.Array(
              Type.Object({ id: Type.String(), name: Type.String(), report: ReportSchema }),
            ),
            nextCursor: Type.Union([Type.String(), Type.Null()]),
          }),
        },
      },
    },
    async (request) => {
      const { limit = defaultPageSize, cursor } = request.query
      const [after] = (cursors.read('conformance', cursor) ?? []) as string[]
      const [facts, found] = await Promise.all([
        serverFacts(parts),
        clients.list({ limit: limit + 1, ...(after && { after }) }),
      ])
      const page = toPage(found, limit, ({ id }) => cursors.write('conformance', [id]))
      return {
        server: judge(serverRules, facts),
        clients: page.items.map(({ id, metadata }) => ({
          id,
          name: metadata.client_name ?? id,
          report: judge<ClientMetadata>(clientRules, metadata),
        })),
        nextCursor: page.nextCursor,
      }
    },
  )
}

async function serverFacts({ signingKeys, serverMetadata }: ConformanceParts): Promise<ServerFacts> {
  const [metadata, keys] = await Promise.all([serverMetadata(), signingKeys.describe()])
  const signing = keys.filter(({ state }) => state === 'active').map(({ algorithm }) => algorithm)
  return {
    metadata,
    accessTokenSeconds,
    authorizationCodeSeconds: lifetimes.AuthorizationCode as number,
    algorithmsWithoutKey: signingAlgorithms.filter((algorithm) => !signing.includes(algorithm)),
  }
}
