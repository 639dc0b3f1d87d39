import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { capturedLog } from '@alicerce/testing'
import {
  createReverseProxy,
  type ProxyHooks,
  type ReverseProxyOptions,
  readProxyConfiguration,
} from '#src/index.ts'

/** What is to be closed after a test. */
export const closing: (() => unknown)[] = []

/** Call it after each test. */
export async function closeAll(): Promise<void> {
  for (const close of closing.splice(0).reverse()) await close()
}

export type Handler = (request: IncomingMessage, response: ServerResponse) => void

/** A service that keeps what reached it. */
export async function startUpstream(handler: Handler) {
  const seen: IncomingMessage[] = []
  const server = createServer((request, response) => {
    seen.push(request)
    handler(request, response)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  closing.push(() => {
    server.closeAllConnections()
    server.close()
  })
  return { seen, server, address: `http://127.0.0.1:${(server.address() as AddressInfo).port}/` }
}

/** Answers with what it was asked. */
export const echo: Handler = (request, response) => {
  const chunks: Buffer[] = []
  request.on('data', (chunk) => chunks.push(chunk))
  request.on('end', () =>
    response.end(JSON.stringify({ url: request.url, body: Buffer.concat(chunks).toString() })),
  )
}

/** A proxy of one route, `/api/…`, to one destination. */
export async function startProxy(
  address: string,
  route: object = {},
  hooks: ProxyHooks = {},
  cluster: object = {},
  sections: object = {},
  options: Partial<ReverseProxyOptions> = {},
) {
  const section = {
    Routes: {
      r: {
        ClusterId: 'c',
        Match: { Path: '/api/{**rest}' },
        Transforms: [{ PathRemovePrefix: '/api' }],
        ...route,
      },
    },
    Clusters: { c: { Destinations: { d: { Address: address } }, ...cluster } },
    ...sections,
  }
  const configuration = readProxyConfiguration(section, { authorizationPolicies: [] })
  const proxy = createReverseProxy({ configuration, hooks, log: capturedLog(), ...options })
  closing.push(() => proxy.close(200))
  const ports = await proxy.listen({ host: '127.0.0.1', port: 0 })
  const [port] = ports
  return { proxy, port, ports, url: `http://127.0.0.1:${port}` }
}

/** Sends bytes as they are and gives all that comes back until the other side closes, or has been quiet for so long behind an answer. */
export async function raw(port: number, text: string, quietMilliseconds = 400): Promise<string> {
  const socket = connect({ port, host: '127.0.0.1' })
  let answer = ''
  // Not `once` of node:events, which rejects where the other side breaks off.
  await new Promise<void>((resolve) => {
    let quiet = setTimeout(resolve, 20_000)
    socket.on('data', (chunk) => {
      answer += chunk.toString('latin1')
      clearTimeout(quiet)
      quiet = setTimeout(resolve, quietMilliseconds)
    })
    socket.on('error', () => {})
    socket.once('close', () => {
      clearTimeout(quiet)
      resolve()
    })
    socket.write(text, 'latin1')
  })
  socket.destroy()
  return answer
}
