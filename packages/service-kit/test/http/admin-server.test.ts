import { capturedLog } from '@alicerce/testing'
import { afterEach, expect, test } from 'vitest'
import { closeServer, createAdminServer, createTelemetry, listen, urlOf } from '#src/index.ts'

const closing: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

test('an app adds pages of its own, which say what is so now; a page that fails is 500 and says nothing', async () => {
  let count = 0
  const log = capturedLog()
  const admin = createAdminServer({
    ...{ readiness: {}, registry: createTelemetry({ name: 'app', log }).registry, isStopping: () => false },
    pages: {
      '/count': () => ({ count: ++count }),
      '/broken': () => {
        throw new Error('inside')
      },
    },
    log: log as never,
  })
  closing.push(() => closeServer(admin))
  await listen(admin, 0, '127.0.0.1')
  const ask = (path: string) => fetch(`${urlOf(admin, '0.0.0.0')}${path}`)
  await ask('/count')
  expect(await (await ask('/count?x=1')).json()).toEqual({ count: 2 })
  const broken = await ask('/broken')
  expect([broken.status, await broken.text()]).toEqual([500, '{"status":"error"}'])
  expect(log.text()).toContain('inside')
  expect((await ask('/none')).status).toBe(404)
})
