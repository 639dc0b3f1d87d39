import * as cache from '@alicerce/cache-aside'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type CheckOptions, check } from '#src/exploration/check.ts'
import { keptSeeds } from '#src/exploration/kept-seeds.ts'
import { openRedisBackends } from '#src/exploration/redis-backend.ts'
import { type Statement, statements } from '#src/exploration/statements.ts'

// The short form of what `npm run prove` explores for long. A seed that fails belongs into proof/kept-seeds.json.
const all: Statement[] = Object.values(statements)
const patience = 240_000

async function holds(
  statement: Statement,
  options: Omit<CheckOptions, 'engine' | 'statement'>,
): Promise<void> {
  const { failed, hits } = await check({ engine: cache, statement, ...options })
  expect(failed).toBeUndefined()
  if (options.path === undefined) expect(hits).toBeGreaterThan(0)
}

test.each(all)('$claim', ({ ...statement }) => holds(statement, { schedules: 30, seed: 1 }), patience)

test.each(keptSeeds())(
  '$statement holds where it once did not: seed $seed, path $path',
  ({ statement, seed, path }) => holds(statements[statement], { schedules: 1, seed, path }),
  patience,
)

describe('on Redis', () => {
  let backends: Awaited<ReturnType<typeof openRedisBackends>>
  beforeAll(async () => {
    backends = await openRedisBackends()
  })
  afterAll(() => backends.close())

  test.each(all.filter(({ onRedis }) => onRedis))(
    '$claim',
    ({ ...statement }) => holds(statement, { schedules: 3, seed: 1, createBackend: backends.createBackend }),
    patience,
  )
})
