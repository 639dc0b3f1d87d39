import type { Forwarder } from '#src/forwarding/forwarder.ts'
import { ConnectionPool } from './connection-pool.ts'
import { socketOpener, type TlsOptions } from './open-socket.ts'
import { bodyLength, writeRequestHead } from './request-head.ts'
import { UpstreamExchange } from './upstream-exchange.ts'

/** How many connections a forwarder may have, and what it holds against the upstream's certificate. */
export type Http1ForwarderOptions = { readonly connections?: number | undefined; readonly tls?: TlsOptions }

/** Makes a forwarder on sockets, for HTTP/1.1: one request at a time on a connection, connections kept and used again. */
export function createHttp1Forwarder(
  origin: string,
  { connections, tls }: Http1ForwarderOptions = {},
): Forwarder {
  const opener = socketOpener(origin, tls)
  const pool = new ConnectionPool(opener, connections ?? Number.POSITIVE_INFINITY)
  return {
    send(request, listener) {
      const exchange = new UpstreamExchange(request, listener)
      try {
        exchange.length = bodyLength(request)
        exchange.head = writeRequestHead(request, opener.authority, exchange.length)
      } catch (error) {
        process.nextTick(() => exchange.fail(error as Error))
        return exchange
      }
      pool.send(exchange)
      return exchange
    },
    close: () => pool.close(),
  }
}
