import { setTimeout as sleep } from 'node:timers/promises'
import { until } from '@alicerce/testing'
import { afterAll, expect, test } from 'vitest'
import type { FastifyTyped } from '#src/index.ts'
import { ask, startService, stopAll, Thing } from '../fixtures.ts'

afterAll(stopAll)

function slow(milliseconds: number, done = () => {}) {
  return (app: FastifyTyped) => {
    app.get('/slow', { config: { policy: 'anonymous' }, schema: { response: { 200: Thing } } }, async () => {
      await sleep(milliseconds)
      done()
      return { id: 'slow', size: 1 }
    })
  }
}

test('SV-34 readiness names the component that fails, and no address; liveness does not ask it', async () => {
  let failing = true
  const database = async () => {
    if (failing) throw new Error('connect ECONNREFUSED 10.0.0.7:5432')
  }
  const { adminUrl } = await startService(() => {}, { readiness: { database, cache: async () => {} } })
  const down = await ask(`${adminUrl}/health/ready`)
  expect([down.status, down.body]).toEqual([503, { status: 'not ready', failing: ['database'] }])
  expect((await ask(`${adminUrl}/health/live`)).status).toBe(200)
  failing = false
  expect((await ask(`${adminUrl}/health/ready`)).status).toBe(200)
})

test('SV-34 a component that does not answer is not ready either', async () => {
  const never = () => new Promise<void>(() => {})
  const { adminUrl } = await startService(() => {}, { readiness: { database: never } })
  expect((await ask(`${adminUrl}/health/ready`)).body.failing).toEqual(['database'])
})

test('SV-35 a stop turns readiness first, lets requests at work end, then closes the rest', async () => {
  const order: string[] = []
  const service = await startService(
    slow(400, () => order.push('handled')),
    {
      config: { drainMilliseconds: 100 },
      close: async () => void order.push('closed'),
    },
  )
  const answer = ask(`${service.url}/slow`)
  await sleep(100)
  const stopped = service.close()
  expect((await ask(`${service.adminUrl}/health/ready`)).body.status).toBe('stopping')
  await Promise.all([answer, stopped])
  expect((await answer).status).toBe(200)
  expect(order).toEqual(['handled', 'closed'])
  await expect(fetch(service.url)).rejects.toThrow()
})

test('SV-35 a request that outlasts the deadline loses its connection', async () => {
  const service = await startService(slow(5000), { config: { stopMilliseconds: 100 } })
  const answer = ask(`${service.url}/slow`).catch(() => 'cut')
  await sleep(100)
  await service.close()
  expect(await answer).toBe('cut')
})

test('SV-37 a client that leaves aborts the work', async () => {
  let aborted = false
  const service = await startService((app) => {
    app.get(
      '/work',
      { config: { policy: 'anonymous' }, schema: { response: { 200: Thing } } },
      async ({ signal }) => {
        signal.addEventListener('abort', () => {
          aborted = true
        })
        await sleep(1000)
        return { id: 'work', size: 1 }
      },
    )
  })
  await fetch(`${service.url}/work`, { signal: AbortSignal.timeout(100) }).catch(() => {})
  await until(() => aborted)
})

test('a port in use is an error, and nothing is left open', async () => {
  const service = await startService(() => {})
  let closed = false
  const again = startService(() => {}, {
    config: { port: Number(new URL(service.url).port) },
    close: async () => {
      closed = true
    },
  })
  await expect(again).rejects.toMatchObject({ code: 'EADDRINUSE' })
  expect(closed).toBe(true)
})
