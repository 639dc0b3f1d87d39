import { request as httpRequest, type IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import { valuesOf } from '#src/edge/header-names.ts'
import { malformed } from '#src/forwarding/http1/upstream-error.ts'
import { responseFault } from '#src/forwarding/response-fault.ts'
import type { UpgradeAnswer, UpgradeOffer } from './upgrade-offer.ts'

/** Node would announce a body of unknown length for any other (RFC 9110 §8.6). */
const expectNoContent: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS', 'DELETE'])

/** Makes an offer over a connection of HTTP/1.1, which then is the stream, or closes with the answer. */
export function offerOverHttp1(
  socket: Socket,
  { protocol, method, path, headers, onInformation }: UpgradeOffer,
  signal: AbortSignal,
): Promise<UpgradeAnswer> {
  const { promise, resolve, reject } = Promise.withResolvers<UpgradeAnswer>()
  const length = expectNoContent.has(method) ? [] : ['content-length', '0']
  const request = httpRequest({
    ...{ createConnection: () => socket, method, path, signal },
    headers: [...headers, ...length, 'connection', 'Upgrade', 'upgrade', protocol],
  })
  const refuse = (error: Error) => {
    socket.destroy()
    reject(error)
  }
  request.on('error', refuse)
  request.on('information', ({ statusCode, rawHeaders }) => {
    if (statusCode !== 100) onInformation(statusCode, rawHeaders)
  })
  request.on('response', (response: IncomingMessage) => {
    const { statusCode: status = 0, statusMessage: message = '', rawHeaders } = response
    const fault = responseFault(status, rawHeaders)
    if (fault) refuse(malformed(`The answer ${fault}`))
    else resolve({ kind: 'refused', status, message, rawHeaders, body: response })
  })
  request.on('upgrade', ({ rawHeaders }, stream: Socket, early: Buffer) => {
    const changed = valuesOf(rawHeaders, 'upgrade').join().toLowerCase()
    if (changed !== protocol)
      return refuse(malformed('The upstream changes to a protocol that nobody asked for'))
    stream.on('error', () => {})
    if (early.length > 0) stream.unshift(early)
    resolve({ kind: 'switched', rawHeaders, stream })
  })
  request.end()
  return promise
}
