import type { Policy } from '@alicerce/access-tokens'
import type { Database } from '@alicerce/database'
import type { FastifyTyped } from '@alicerce/service-kit'
import { Type } from 'typebox'
import { writeAudit } from '#src/audit/audit.ts'
import type { KeyAges } from '#src/keys/key-schedule.ts'
import {
  type SigningAlgorithm,
  type SigningKeyDescription,
  type SigningKeys,
  signingAlgorithms,
} from '#src/keys/signing-keys.ts'
import type { Tables } from '#src/schema.ts'
import type { WhoAsks } from './who-asks.ts'

/** What the API of keys needs. */
export type KeyParts = {
  database: Database<Tables>
  signingKeys: SigningKeys
  keyAges: KeyAges
  whoAsks: WhoAsks
}

const policy: Policy = { scopes: ['keys:manage'], roles: ['administrator'], user: true }
const tags = ['keys']
const Moment = Type.String({ format: 'date-time' })
const MomentOrNull = Type.Union([Moment, Type.Null()])
const AlgorithmSchema = Type.Enum([...signingAlgorithms], { title: 'SigningAlgorithm', type: 'string' })
const KeySchema = Type.Object(
  {
    kid: Type.String(),
    algorithm: AlgorithmSchema,
    state: Type.Enum(['next', 'active', 'retired'], { title: 'KeyState', type: 'string' }),
    publishedAt: Moment,
    activeFrom: Moment,
    retiredAt: MomentOrNull,
    removedAt: MomentOrNull,
  },
  { title: 'SigningKey', additionalProperties: false },
)
const KeysSchema = Type.Object(
  {
    items: Type.Array(KeySchema),
    rotations: Type.Array(
      Type.Object(
        {
          algorithm: AlgorithmSchema,
          at: Moment,
          announced: Type.Boolean({
            description: 'Whether the key that will sign then is published already',
          }),
        },
        { title: 'KeyRotation', additionalProperties: false },
      ),
    ),
  },
  { title: 'SigningKeys', additionalProperties: false },
)

/** The signing keys: public facts only. No private part ever leaves the process. */
export function addKeyRoutes(app: FastifyTyped, { database, signingKeys, keyAges, whoAsks }: KeyParts): void {
  app.get(
    '/administration/keys',
    {
      config: { policy },
      schema: {
        operationId: 'listKeys',
        summary: 'Every signing key with its state, and when each algorithm gets its next one',
        tags,
        response: { 200: KeysSchema },
      },
    },
    async () => present(await signingKeys.describe(), keyAges),
  )

  app.post(
    '/administration/keys/:algorithm/rotate',
    {
      config: { policy },
      schema: {
        operationId: 'rotateKey',
        summary: 'Announces the next key now; where one is announced already, nothing changes',
        tags,
        params: Type.Object({ algorithm: AlgorithmSchema }),
        response: { 200: KeysSchema },
      },
    },
    async (request) => {
      const { algorithm } = request.params
      await database.transaction(async (tx) => {
        await writeAudit(tx, {
          ...whoAsks(request),
          action: 'rotate-key',
          outcome: 'done',
          details: { algorithm },
        })
        await signingKeys.rotateNow(tx, algorithm)
      })
      return present(await signingKeys.describe(), keyAges)
    },
  )
}

function present(keys: SigningKeyDescription[], ages: KeyAges) {
  return {
    items: keys.map(({ publishedAt, activeFrom, retiredAt, removedAt, ...key }) => ({
      ...key,
      publishedAt: publishedAt.toISOString(),
      activeFrom: activeFrom.toISOString(),
      retiredAt: retiredAt?.toISOString() ?? null,
      removedAt: removedAt?.toISOString() ?? null,
    })),
    rotations: signingAlgorithms.flatMap((algorithm) => rotationOf(algorithm, keys, ages)),
  }
}

/** When another key begins to sign: the announced one at its time, else the one that will be made when the active one is old enough. */
function rotationOf(algorithm: SigningAlgorithm, keys: SigningKeyDescription[], ages: KeyAges) {
  const own = keys.filter((key) => key.algorithm === algorithm)
  const next = own.find(({ state }) => state === 'next')
  if (next) return { algorithm, at: next.activeFrom.toISOString(), announced: true }
  const active = own.find(({ state }) => state === 'active')
  if (!active) return []
  const at = new Date(active.activeFrom.getTime() + ages.active * 1000)
  return { algorithm, at: at.toISOString(), announced: false }
}
