import { createCache, memoryStore } from '@alicerce/cache-aside'
import { capturedLog } from '@alicerce/testing'
import { Type } from 'typebox'
import { afterEach, expect, test } from 'vitest'
import { ask, startService, stopAll } from '../fixtures.ts'

afterEach(stopAll)

async function start(environment: 'development' | 'test' | 'production') {
  const cache = createCache({ namespace: 'test', store: memoryStore(), log: capturedLog() })
  const texts = cache.define({
    ...{ name: 'text', schema: Type.String(), key: (id: string) => id, ttl: 60_000 },
    load: async (id) => `personal ${id}`,
  })
  const { url, adminUrl, log } = await startService(() => {}, {
    cache,
    config: { environment },
    close: () => cache.close(),
  })
  return { texts, url, adminUrl, log }
}

test('CA-62 the admin port lists classes with their figures, and says how a key stands without its value', async () => {
  const { texts, url, adminUrl, log } = await start('production')
  await texts.get('clara')
  await texts.get('clara')
  const { status, body } = await ask(`${adminUrl}/cache`)
  expect(status).toBe(200)
  expect(body).toMatchObject({ namespace: 'test', trusted: true, store: { breaker: 'closed' } })
  expect(body.classes).toMatchObject([{ name: 'text', loading: 0, reads: { database: 1, redis: 1 } }])

  const explained = await ask(`${adminUrl}/cache/explain?class=text&key=clara`)
  expect(explained.body).toMatchObject({
    ...{ class: 'text', key: 'clara', wouldLoad: 'nobody', tags: [] },
    ...{ firstLevel: { state: 'fresh' }, store: { state: 'fresh', isNothing: false } },
  })
  expect(explained.text).not.toContain('personal')
  expect(log.text()).not.toContain('clara')
  for (const path of ['/cache', '/cache/explain?class=text&key=clara']) {
    expect((await ask(`${url}${path}`)).status).toBe(404) // the public port knows nothing of it
  }
})

test('CA-62 who develops sees the value', async () => {
  const { texts, adminUrl } = await start('development')
  await texts.get('clara')
  const { body } = await ask(`${adminUrl}/cache/explain?class=text&key=clara`)
  expect(body.store).toMatchObject({ state: 'fresh', value: 'personal clara' })
})

test('CA-62 a question that cannot be answered says how to ask', async () => {
  const { adminUrl } = await start('test')
  const incomplete = await ask(`${adminUrl}/cache/explain?class=text`)
  expect([incomplete.status, incomplete.body.code]).toEqual([400, 'validation-failed'])
  const unknown = await ask(`${adminUrl}/cache/explain?class=none&key=1`)
  expect([unknown.status, unknown.body.detail]).toEqual([404, expect.stringContaining('"none"')])
})
