import { join } from 'node:path'
import { freePort } from '@alicerce/testing'
import { asInProduction } from '#src/measure/as-in-production.ts'
import { startPeerWith } from '#src/measure/peer.ts'
import type { Subject, Surroundings } from '../subject.ts'

/** A script of `processes/`, and on which ports it listens: plain, TLS, HTTP/2. */
type NodePeer = { name: string; script: string; has: readonly ('tls' | 'http2')[] }

const peers = {
  fastify: { name: '@fastify/http-proxy', script: 'fastify-http-proxy', has: ['tls', 'http2'] },
  express: { name: 'http-proxy-middleware', script: 'http-proxy-middleware', has: ['tls'] },
  httpxy: { name: 'httpxy', script: 'httpxy', has: ['tls'] },
  engine: { name: 'alicerce, no policy', script: 'engine', has: ['tls', 'http2'] },
} satisfies Record<string, NodePeer>

/** Starts one of the proxies that run in Node, each in its best documented settings. */
export async function nodePeer(
  key: keyof typeof peers,
  { upstream, certificate }: Surroundings,
): Promise<Subject> {
  const { name, script, has }: NodePeer = peers[key]
  const ports = { plain: await freePort(), tls: await freePort(), http2: await freePort() }
  const { pid, stop } = await startPeerWith(
    asInProduction,
    join(import.meta.dirname, '../processes', `${script}.ts`),
    upstream.origin,
    JSON.stringify({ ports, ...certificate }),
  )
  return {
    ...{ name, pid, stop, url: `http://127.0.0.1:${ports.plain}` },
    ...(has.includes('tls') && { tlsUrl: `https://127.0.0.1:${ports.tls}` }),
    ...(has.includes('http2') && { http2Url: `https://127.0.0.1:${ports.http2}` }),
  }
}
