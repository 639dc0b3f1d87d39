// A process of its own: @fastify/http-proxy as its documentation has it.
import proxy from '@fastify/http-proxy'
import Fastify from 'fastify'
import { readPeerSettings } from './peer-settings.ts'

const { upstream, ports, tls, host } = readPeerSettings()

const plain = Fastify()
plain.register(proxy, { upstream, websocket: true })
await plain.listen({ host, port: ports.plain })

const overTls = Fastify({ https: tls })
overTls.register(proxy, { upstream })
await overTls.listen({ host, port: ports.tls })

const overHttp2 = Fastify({ http2: true, https: tls })
overHttp2.register(proxy, { upstream })
await overHttp2.listen({ host, port: ports.http2 })

process.send?.('ready')
