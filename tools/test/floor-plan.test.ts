import { expect, test } from 'vitest'
import { checkFloorPlan, importsOf, violationsOf } from '../floor-plan.ts'

const rules = (file: string, source: string) => violationsOf(file, source).map((violation) => violation.rule)

test('the project keeps to its floor plan', () => {
  expect(checkFloorPlan()).toEqual([])
})

test('finds static, side-effect, dynamic and re-exporting imports with their lines', () => {
  const source = `import { a } from 'one'\nimport 'two'\nexport * from 'three'\nconst b = await import('four')\nimport {\n  c,\n} from 'five'\n`
  expect(importsOf(source)).toEqual([
    { target: 'one', line: 1 },
    { target: 'two', line: 2 },
    { target: 'three', line: 3 },
    { target: 'four', line: 4 },
    { target: 'five', line: 7 },
  ])
})

test('an app that imports another app is refused', () => {
  expect(rules('apps/user-service/src/app.ts', `import { x } from '@alicerce/order-service'`)).toHaveLength(1)
})

test('the engines know nothing of each other', () => {
  expect(rules('packages/cache-aside/src/a.ts', `import { x } from '@alicerce/database'`)).toHaveLength(1)
  expect(
    rules('packages/reverse-proxy/src/a.ts', `import { x } from '@alicerce/access-tokens'`),
  ).toHaveLength(1)
})

test('source may not import the testing package, its tests may', () => {
  const source = `import { until } from '@alicerce/testing'`
  expect(rules('packages/events/src/a.ts', source)).toHaveLength(1)
  expect(rules('packages/events/test/a.test.ts', source)).toEqual([])
})

test('another workspace is not reached by a path', () => {
  expect(rules('packages/events/src/a.ts', `import { x } from '../../database/src/index.ts'`)).toHaveLength(1)
})

test('the domain of a service imports no HTTP, SQL or Redis and no outer layer', () => {
  const file = 'apps/order-service/src/domain/order.ts'
  for (const target of [
    'fastify',
    'kysely',
    '@alicerce/database',
    '../data/orders.ts',
    '#src/routes/orders.ts',
  ])
    expect(rules(file, `import { x } from '${target}'`), target).toHaveLength(1)
  expect(rules(file, `import { x } from './money.ts'\nimport { Type } from 'typebox'`)).toEqual([])
})

test('a feature of the web app never imports another, and shared code imports no feature', () => {
  expect(rules('apps/web/src/features/cart/a.tsx', `import { x } from '../orders/b.tsx'`)).toHaveLength(1)
  expect(rules('apps/web/src/lib/a.ts', `import { x } from '../features/orders/b.ts'`)).toHaveLength(1)
  expect(rules('apps/web/src/app/a.tsx', `import { x } from '../features/orders/b.tsx'`)).toEqual([])
})
