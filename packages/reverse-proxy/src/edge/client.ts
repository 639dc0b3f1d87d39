import type { IncomingMessage } from 'node:http'
import { type BlockList, isIP, type Socket } from 'node:net'
import type { TLSSocket } from 'node:tls'
import { valuesOf } from './header-names.ts'

/** Who sent a request, and how it came to us. */
export type Client = {
  readonly address: string
  /** 0 where a proxy told the address. */
  readonly port: number
  /** What it asked for, as in its `Host`. */
  readonly host: string
  readonly proto: 'http' | 'https'
  readonly socket: Socket
}

/** Whether a request comes from one of these. */
export const isFrom = ({ socket }: IncomingMessage, proxies: BlockList | undefined): boolean =>
  proxies !== undefined && covers(proxies, plainAddress(socket.remoteAddress))

/** Reads who sent a request. What proxies say of it counts only from those that are trusted (GW-17). `host`: as inspected. */
export function readClient(
  { socket, rawHeaders }: IncomingMessage,
  host: string,
  trustedProxies: BlockList | undefined,
): Client {
  const peer = plainAddress(socket.remoteAddress)
  const own = 'encrypted' in socket ? 'https' : 'http'
  if (!trustedProxies || !covers(trustedProxies, peer))
    return { address: peer, port: socket.remotePort ?? 0, host, proto: own, socket }
  const told = valuesOf(rawHeaders, 'x-forwarded-proto').at(-1)?.toLowerCase()
  const address = walkBack(peer, valuesOf(rawHeaders, 'x-forwarded-for'), trustedProxies)
  return { address, port: 0, host, proto: told === 'https' || told === 'http' ? told : own, socket }
}

/** From the right, the first address that no trusted proxy has: whatever stands further left, a client may have written. */
function walkBack(peer: string, lines: readonly string[], trusted: BlockList): string {
  let address = peer
  for (const element of lines.join(',').split(',').reverse()) {
    const named = plainAddress(element.trim().replace(/^\[(.*)\](?::\d+)?$|^([\d.]+):\d+$/, '$1$2'))
    if (isIP(named) === 0) return address
    address = named
    if (!covers(trusted, address)) return address
  }
  return address
}

const covers = (list: BlockList, address: string): boolean =>
  isIP(address) !== 0 && list.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4')

/** An IPv4 address that came over a socket for both is written as IPv4. A socket that has closed has none. */
export const plainAddress = (address: string | undefined): string =>
  address?.replace(/^::ffff:(?=\d+\.)/i, '') ?? 'unknown'

/** A client's TLS certificate as base64 of the DER; `undefined` where it showed none (GW-18). */
export const certificateOf = (socket: Socket): string | undefined =>
  (socket as Partial<TLSSocket>).getPeerX509Certificate?.()?.raw.toString('base64')
