import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createBackplane } from '@alicerce/service-kit'
import { capturedLog, createTestIssuer, type TestIssuer } from '@alicerce/testing'
import { createApiGateway, readApiGatewayConfig } from '#src/index.ts'

const closing: (() => unknown)[] = []

/** Call it after each test. */
export async function stopAll(): Promise<void> {
  for (const close of closing.splice(0).reverse()) await close()
}

export type Handler = (request: IncomingMessage, response: ServerResponse) => void

/** A service that keeps what reached it. */
export async function startService(
  handler: Handler = (_request, response) => void response.end('{}'),
  port = 0,
) {
  const seen: IncomingMessage[] = []
  const server = createServer((request, response) => {
    seen.push(request)
    handler(request, response)
  })
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  closing.push(() => {
    server.closeAllConnections()
    server.close()
  })
  return { seen, server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/` }
}

export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'alicerce-gateway-'))
  closing.push(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

const script = `console.log(${JSON.stringify('a line of a script '.repeat(100))})`

/** A built web app in small, in a folder beside a file that nobody may read. */
export function buildWebApp(): { root: string; script: string } {
  const folder = temporaryFolder()
  const root = join(folder, 'dist')
  mkdirSync(join(root, 'assets'), { recursive: true })
  mkdirSync(join(root, '.vite'))
  writeFileSync(join(folder, 'secret.txt'), 'secret')
  writeFileSync(join(root, '.vite/manifest.json'), '{"secret":1}')
  symlinkSync(join(folder, 'gone'), join(root, 'dangling'))
  writeFileSync(join(root, 'index.html'), '<!doctype html><title>Shop</title>')
  writeFileSync(join(root, 'mark.svg'), '<svg xmlns="http://www.w3.org/2000/svg"/>')
  writeFileSync(join(root, 'assets/index-abc.js'), script)
  return { root, script }
}

export const shippedConfiguration = readFileSync(new URL('../gateway.json', import.meta.url), 'utf8')

async function startIssuer(): Promise<TestIssuer> {
  const issuer = await createTestIssuer()
  closing.push(() => issuer.close())
  return issuer
}

/** A gateway as it is shipped, before services and an issuer of the test's own. */
export async function startGateway({
  service,
  configuration = shippedConfiguration,
  env = {},
  issuer = undefined,
  backplaneUrl,
}: {
  service?: Handler
  configuration?: string
  env?: Record<string, string>
  /** That of another gateway, where both are to take the same tokens. */
  issuer?: TestIssuer | undefined
  /** The Redis of revocations and used proofs; without it they stay in the process. */
  backplaneUrl?: string
} = {}) {
  issuer ??= await startIssuer()
  const upstream = await startService(service)
  const file = join(temporaryFolder(), 'gateway.json')
  writeFileSync(file, configuration)
  const clusters = ['orders', 'users', 'accounts'].map((cluster) => [
    `ReverseProxy__Clusters__${cluster}__Destinations__1__Address`,
    upstream.url,
  ])
  const config = readApiGatewayConfig({
    ...{ APP_ENV: 'test', PORT: '0', ADMIN_PORT: '0', ISSUER_URL: issuer.issuer, ACCESS_LOG: 'off' },
    ...{ PROXY_CONFIGURATION: file, WEB_ROOT: env.WEB_DEVELOPMENT_URL ? '' : buildWebApp().root },
    ...Object.fromEntries(clusters),
    ...env,
  })
  const log = capturedLog()
  const backplane = await createBackplane({ log: log as never, redisUrl: backplaneUrl })
  closing.push(() => backplane.close())
  const gateway = await createApiGateway({ config, log: log as never, backplane })
  closing.push(() => gateway.close())
  const port = Number(new URL(gateway.url).port)
  return { ...{ gateway, url: gateway.url, port, issuer, upstream, file, log, backplane, config } }
}

/** A person's token with what the API may ask of a customer. */
export const scope = 'openid orders:read orders:write users:read users:write'

export const bearer = (token: string) => ({ headers: { authorization: `Bearer ${token}` } })

/** Sends bytes as they are and gives all that comes back. */
export async function raw(port: number, text: string): Promise<string> {
  const socket = connect({ port, host: '127.0.0.1' })
  let answer = ''
  socket.on('data', (chunk) => (answer += chunk.toString('latin1')))
  socket.on('error', () => {})
  socket.write(text, 'latin1')
  // Not `once` of node:events, which rejects where the other side breaks off.
  const closed = new Promise((resolve) => socket.once('close', resolve))
  await Promise.race([closed, new Promise((resolve) => setTimeout(resolve, 1000))])
  socket.destroy()
  return answer
}
