import { randomBytes } from 'node:crypto'
import { type Client, plainAddress } from '#src/edge/client.ts'
import { valuesOf } from '#src/edge/header-names.ts'
import type { ForwardedAction, ForwardedRules, NodeFormat, RouteTransforms } from './transform.ts'

/** The headers that tell an upstream of the client. The client's own are gone already, unless a transform appends to them or leaves them. */
export function forwardedHeaders(
  rawHeaders: readonly string[],
  { xForwarded, forwarded }: RouteTransforms,
  client: Client,
): string[] {
  const headers: string[] = []
  if (xForwarded) {
    const { prefix, parts } = xForwarded
    addForwarded(headers, rawHeaders, `${prefix}for`, parts.for, client.address)
    addForwarded(headers, rawHeaders, `${prefix}host`, parts.host, client.host)
    addForwarded(headers, rawHeaders, `${prefix}proto`, parts.proto, client.proto)
    // Nothing was taken off the path before it came to us.
    addForwarded(headers, rawHeaders, `${prefix}prefix`, parts.prefix, '')
  }
  if (forwarded)
    addForwarded(headers, rawHeaders, 'forwarded', forwarded.action, forwardedValue(forwarded, client))
  return headers
}

function addForwarded(
  headers: string[],
  rawHeaders: readonly string[],
  name: string,
  action: ForwardedAction,
  value: string,
): void {
  if (action === 'Set') {
    if (value) headers.push(name, value)
    return
  }
  const before = action === 'Remove' ? [] : valuesOf(rawHeaders, name)
  const now = action === 'Append' && value ? [value] : []
  const all = [...before, ...now].join(', ')
  if (all) headers.push(name, all)
}

/** One element of `Forwarded` (RFC 7239 §4). */
function forwardedValue({ parts, forFormat, byFormat }: ForwardedRules, client: Client): string {
  const values = {
    for: () => node(forFormat, client.address, client.port),
    by: () => node(byFormat, plainAddress(client.socket.localAddress), client.socket.localPort ?? 0),
    host: () => quoted(client.host),
    proto: () => client.proto,
  }
  return (['for', 'by', 'host', 'proto'] as const)
    .filter((part) => parts.has(part))
    .map((part) => `${part}=${values[part]()}`)
    .join(';')
}

/** A node's name: obfuscated ones begin with `_`, IPv6 stands in brackets, and what holds `:` is quoted (RFC 7239 §6). */
function node({ name, port }: NodeFormat, address: string, realPort: number): string {
  const names = { Random: obfuscated, Unknown: () => 'unknown', Ip: () => bracketed(address) }
  const ports = { none: () => '', real: () => `:${realPort}`, random: () => `:${obfuscated()}` }
  return quoted(names[name]() + ports[port]())
}

const obfuscated = () => `_${randomBytes(6).toString('hex')}`
const bracketed = (address: string) => (address.includes(':') ? `[${address}]` : address)
const quoted = (value: string) => (/^[\w.-]+$/.test(value) ? value : `"${value.replace(/["\\]/g, '')}"`)
