import { once } from 'node:events'
import { type ClientRequest, get } from 'node:http'
import { createServer } from 'node:net'
import { until } from '@alicerce/testing'
import { afterEach, expect, onTestFinished, test } from 'vitest'
import { readApiGatewayConfig } from '#src/index.ts'
import { stopAll } from '../fixtures.ts'
import { ask, startClients } from './clients.ts'
import { isAlive, runToEnd, startWorkers } from './fixtures.ts'

afterEach(stopAll)

// biome-ignore lint/suspicious/noExplicitAny: tests look into answers
type Json = Record<string, any>

test('GW-67 each worker is told to end in turn, under load, and no request fails', {
  timeout: 240_000,
}, async () => {
  const { url, workers } = await startWorkers(2)
  const before = await workers()
  const { tally, stop } = startClients(url, 16)
  await until(() => tally.answers > 200)
  for (const { number, pid } of before) {
    process.kill(pid, 'SIGTERM')
    await until(async () => (await workers())[number - 1]?.pid !== pid, { timeoutMilliseconds: 60_000 })
    await until(() => !isAlive(pid), { timeoutMilliseconds: 60_000 })
  }
  const after = tally.answers
  await until(() => tally.answers > after + 200)
  await stop()
  expect(tally.failures).toEqual([])
})

test('GW-67 connections that wait for a worker when it is killed are served by the next one', {
  timeout: 240_000,
}, async () => {
  const { url, workers } = await startWorkers(2)
  const [frozen, other] = await workers()
  process.kill(frozen?.pid as number, 'SIGSTOP')
  const answers = Array.from({ length: 32 }, (_, number) => ask(`${url}/api/${number}`))
  // Those that the kernel has given to the other worker are served; the rest wait in the queue of the frozen one.
  let served = 0
  for (const answer of answers) void answer.then(() => served++)
  await until(async () => served > 0)
  expect(served).toBeLessThan(32)
  process.kill(frozen?.pid as number, 'SIGKILL')
  expect(await Promise.all(answers)).toEqual(answers.map((_, number) => `200 answer to /${number}`))
  const [successor, same] = await workers()
  expect(successor?.pid).not.toBe(frozen?.pid)
  expect(same).toEqual(other)
})

test('GW-67 workers are counted together, replaced on SIGUSR2, and end with their gateway', {
  timeout: 240_000,
}, async () => {
  const { gateway, exited, url, port, adminUrl, workers, page } = await startWorkers(2)
  for (let number = 0; number < 8; number++) expect(await ask(`${url}/api/${number}`)).toMatch(/^200 /)
  const metrics = await (await fetch(`${adminUrl}/metrics`)).text()
  expect(metrics).toMatch(/http_server_request_duration_seconds_count\{.*http_route="all".*\} 8\n/)
  const { workers: views } = await page<{ workers: { routes: unknown[] }[] }>('/routes')
  expect(views.map(({ routes }) => routes.length)).toEqual([2, 2])

  const before = (await workers()).map(({ pid }) => pid)
  gateway.kill('SIGUSR2')
  await until(async () => (await workers()).every(({ pid }) => !before.includes(pid)), {
    timeoutMilliseconds: 90_000,
  })
  expect(await ask(`${url}/api/again`)).toBe('200 answer to /again')

  const after = (await workers()).map(({ pid }) => pid)
  gateway.kill('SIGTERM')
  expect(await exited).toEqual([0, null])
  expect([...before, ...after].filter(isAlive)).toEqual([])
  const server = createServer().listen({ port, host: '127.0.0.1' })
  await once(server, 'listening')
  server.close()
})

test('GW-71 the view shows what all workers have at work, whichever answers', {
  timeout: 240_000,
}, async () => {
  const { url, issuer, workers } = await startWorkers(2)
  const inFlightOf = async ({ adminUrl }: { adminUrl: string }) => {
    const figures = (await (await fetch(`${adminUrl}/figures`)).json()) as Json
    return figures.destinations['service/1'].inFlight as number
  }
  const eachHas = async () => Promise.all((await workers()).map(inFlightOf))
  const held: ClientRequest[] = []
  onTestFinished(() => {
    for (const request of held) request.destroy()
  })
  // The kernel deals connections out as it likes.
  await until(async () => {
    held.push(get(`${url}/api/held`, { agent: false }).on('error', () => {}))
    return (await eachHas()).every((count) => count > 0)
  })
  await until(async () => (await eachHas()).reduce((sum, count) => sum + count) === held.length)
  const token = await issuer.sign({ roles: ['administrator'] })
  const answeredBy = new Set<string>()
  await until(async () => {
    const answer = await fetch(`${url}/api/gateway`, {
      headers: { authorization: `Bearer ${token}`, connection: 'close' },
    })
    const view = (await answer.json()) as Json
    expect([view.workers, view.clusters[0].destinations[0].inFlight]).toEqual([2, held.length])
    expect(view.clusters[0].destinations[0].byWorker).toBeNull()
    answeredBy.add(view.configuration.since)
    return answeredBy.size === 2
  })
})

test('GW-67 workers do not share their port with a gateway that serves it already', {
  timeout: 240_000,
}, async () => {
  const { port } = await startWorkers(2)
  const second = await runToEnd({ PORT: String(port), GATEWAY_WORKERS: '2' })
  expect(second).toMatchObject({ code: 1, said: expect.stringContaining(`port ${port} is in use`) })
})

test('GW-67 several workers need Redis and a port of their own', () => {
  expect(() => readApiGatewayConfig({ APP_ENV: 'test', GATEWAY_WORKERS: '2', PORT: '0' })).toThrow(
    /REDIS_URL is missing.*PORT lets the system choose/s,
  )
})
