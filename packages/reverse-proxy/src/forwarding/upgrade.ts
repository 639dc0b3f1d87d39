import { type ClientRequest, request as httpRequest, type IncomingMessage } from 'node:http'
import { request as httpsRequest } from 'node:https'
import type { Duplex } from 'node:stream'
import { valuesOf } from '#src/edge/header-names.ts'
import type { tlsOptionsOf } from './upstream-connection.ts'

/** A WebSocket request on its way to a destination. */
export type UpgradeTarget = {
  url: string
  tls: ReturnType<typeof tlsOptionsOf>
  headers: string[]
  socket: Duplex
  /** What the client sent right behind its request. */
  head: Buffer
  /** Makes the headers for the client of the upstream's. */
  toClient(rawHeaders: string[], status: number): string[]
}

/** Joins a client's socket with the upstream's after 101. Resolves when both are done; rejects where the upstream could not be reached. */
export function tunnel({ url, tls, headers, socket, head, toClient }: UpgradeTarget): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const send = url.startsWith('https:') ? httpsRequest : httpRequest
  const outgoing: ClientRequest = send(url, {
    ...tls,
    headers: [...headers, 'connection', 'Upgrade', 'upgrade', 'websocket'],
    agent: false,
  })
  const leave = () => outgoing.destroy()
  socket.once('close', leave)
  socket.on('error', leave)
  outgoing.on('error', reject)
  outgoing.on('response', (response) => {
    // The upstream refused: its answer goes to the client, and the connection ends with it.
    socket.write(
      head101(response, [
        ...toClient(response.rawHeaders, response.statusCode ?? 502),
        'connection',
        'close',
      ]),
    )
    response.on('error', () => socket.destroy())
    response.pipe(socket)
    response.on('end', resolve)
  })
  outgoing.on('upgrade', (response, upstream, upstreamHead) => {
    if (valuesOf(response.rawHeaders, 'upgrade')[0]?.toLowerCase() !== 'websocket') {
      upstream.destroy()
      return reject(new Error('The upstream upgraded to something else than WebSocket'))
    }
    const answer = [...toClient(response.rawHeaders, 101), 'connection', 'Upgrade', 'upgrade', 'websocket']
    socket.write(head101(response, answer))
    if (upstreamHead.length > 0) socket.write(upstreamHead)
    if (head.length > 0) upstream.write(head)
    upstream.on('error', () => socket.destroy())
    upstream.on('close', () => {
      socket.destroy()
      resolve()
    })
    socket.once('close', () => upstream.destroy())
    upstream.pipe(socket)
    socket.pipe(upstream)
  })
  outgoing.end()
  return promise
}

function head101(response: IncomingMessage, headers: readonly string[]): string {
  const lines = [`HTTP/1.1 ${response.statusCode} ${response.statusMessage ?? ''}`]
  for (let index = 0; index < headers.length; index += 2)
    lines.push(`${headers[index]}: ${headers[index + 1]}`)
  return `${lines.join('\r\n')}\r\n\r\n`
}
