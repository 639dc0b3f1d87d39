import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { openSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createTestIssuer, freePort, testRedisUrl, until } from '@alicerce/testing'
import { onTestFinished } from 'vitest'
import { buildWebApp, startService, temporaryFolder } from '../fixtures.ts'

export type WorkersPage = { workers: { number: number; pid: number; adminUrl: string }[] }

/**
 * A gateway of several workers as processes of its own, before a service of this one, which never answers `/held`. Its route `/api/{**rest}` is open; its
 * view is for administrators.
 */
export async function startWorkers(count: number, env: Record<string, string> = {}, sections: object = {}) {
  const issuer = await createTestIssuer()
  onTestFinished(() => issuer.close())
  const service = await startService((request, response) => {
    request.resume()
    if (request.url === '/held') return
    setTimeout(() => response.end(`answer to ${request.url}`), 2)
  })
  const folder = temporaryFolder()
  const [port, adminPort] = [await freePort(), await freePort()]
  const file = join(folder, 'gateway.json')
  writeFileSync(file, JSON.stringify({ ReverseProxy: configurationBefore(service.url, sections) }))
  const output = join(folder, 'output.log')
  const descriptor = openSync(output, 'a')
  const gateway = spawn(process.execPath, [join(import.meta.dirname, '../../src/main.ts')], {
    env: {
      ...{ PATH: process.env.PATH, APP_ENV: 'test', LOG_LEVEL: 'warn', ACCESS_LOG: 'off' },
      ...{ PORT: String(port), ADMIN_PORT: String(adminPort), GATEWAY_WORKERS: String(count) },
      ...{ ISSUER_URL: issuer.issuer, REDIS_URL: testRedisUrl(), WEB_ROOT: buildWebApp().root },
      PROXY_CONFIGURATION: file,
      ...env,
    },
    stdio: ['ignore', descriptor, descriptor],
  })
  const exited = once(gateway, 'exit') as Promise<[number | null, NodeJS.Signals | null]>
  onTestFinished(async () => {
    gateway.kill('SIGKILL')
    await exited
  })
  const adminUrl = `http://127.0.0.1:${adminPort}`
  const page = async <Page>(path: string) => (await (await fetch(adminUrl + path)).json()) as Page
  const workers = async () => (await page<WorkersPage>('/workers')).workers
  await until(
    async () => {
      if (gateway.exitCode !== null) throw new Error(readFileSync(output, 'utf8'))
      return (await fetch(`${adminUrl}/health/ready`)).ok
    },
    { timeoutMilliseconds: 60_000 },
  )
  return {
    gateway,
    exited,
    issuer,
    service,
    file,
    port,
    url: `http://127.0.0.1:${port}`,
    adminUrl,
    page,
    workers,
    output,
  }
}

/** Starts a gateway that does not come to serve. */
export async function runToEnd(env: Record<string, string>): Promise<{ code: number | null; said: string }> {
  const gateway = spawn(process.execPath, [join(import.meta.dirname, '../../src/main.ts')], {
    env: {
      ...{ PATH: process.env.PATH, APP_ENV: 'test', REDIS_URL: testRedisUrl(), ...env },
      ADMIN_PORT: String(await freePort()),
    },
  })
  let said = ''
  gateway.stderr.on('data', (text) => {
    said += text
  })
  const [code] = (await once(gateway, 'close')) as [number | null]
  return { code, said }
}

const configurationBefore = (address: string, sections: object) => ({
  Routes: {
    all: {
      ...{ ClusterId: 'service', AuthorizationPolicy: 'Anonymous', Match: { Path: '/api/{**rest}' } },
      Transforms: [{ PathRemovePrefix: '/api' }],
    },
    view: {
      ...{ ClusterId: 'gateway', AuthorizationPolicy: 'administer', Order: -1 },
      Match: { Path: '/api/gateway/{**rest}', Methods: ['GET'] },
    },
  },
  Policies: { Authorization: { administer: { Roles: ['administrator'] } } },
  Clusters: { service: { Destinations: { 1: { Address: address } } } },
  ...sections,
})

export const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
