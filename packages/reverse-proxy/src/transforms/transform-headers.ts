import { type Client, certificateOf } from '#src/edge/client.ts'
import { hopByHop, nominatedNames, without } from '#src/edge/header-names.ts'
import { knownHeader } from '#src/edge/known-header.ts'
import type { RouteValues } from '#src/routing/match-path.ts'
import { forwardedHeaders } from './forwarded-headers.ts'
import { type HeaderRules, type RouteTransforms, valueOfSource, type When } from './transform.ts'

/** What the headers for an upstream are made of. */
export type RequestHeaderParts = {
  /** The client's, names and values in turn. */
  rawHeaders: readonly string[]
  nominated: ReadonlySet<string>
  transforms: RouteTransforms
  values: RouteValues
  /** The destination's `Host`. */
  host: string
  client: Client
  /** Added last, so that nothing of the client's can replace them: names in lower case and values in turn. */
  own: readonly string[]
}

/** Client's headers → stripped of hop-by-hop, nominated and identity headers → transforms → ours (GW-40). */
export function requestHeaders(parts: RequestHeaderParts): string[] {
  const { rawHeaders, nominated, transforms, values, host, client, own } = parts
  const { request: rules, clientCertificate, custom } = transforms
  let headers: string[] = []
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const { name, isOurs } = knownHeader(rawHeaders[index] as string)
    if (isOurs || !passes(rules, name)) continue
    if (nominated.size === 0 || !nominated.has(name)) headers.push(name, rawHeaders[index + 1] as string)
  }
  headers = changed(headers, rules, values, 200)
  for (const transform of custom) headers = transform.request?.(headers, values) ?? headers
  const ours = forwardedHeaders(rawHeaders, transforms, client)
  if (clientCertificate) {
    // Also where it showed none: what tells of the client is never the client's own word.
    headers = without(headers, clientCertificate)
    const certificate = certificateOf(client.socket)
    if (certificate) ours.push(clientCertificate, certificate)
  }
  ours.push(...own)
  for (let index = 0; index < ours.length; index += 2) headers = without(headers, ours[index] as string)
  headers.push('host', transforms.originalHost ? client.host : host)
  for (const part of ours) headers.push(part)
  return headers
}

/** Upstream's headers → stripped of hop-by-hop and nominated → transforms. */
export function responseHeaders(
  rawHeaders: readonly string[],
  status: number,
  { response: rules, custom }: RouteTransforms,
  values: RouteValues,
): string[] {
  const nominated = nominatedNames(rawHeaders)
  let headers: string[] = []
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const { name, isHopByHop } = knownHeader(rawHeaders[index] as string)
    if (isHopByHop || !passes(rules, name)) continue
    // An answer that never has a body says no length (RFC 9110 §8.6).
    if (status === 204 && name === 'content-length') continue
    if (nominated.size === 0 || !nominated.has(name)) headers.push(name, rawHeaders[index + 1] as string)
  }
  headers = changed(headers, rules, values, status)
  for (const transform of custom) headers = transform.response?.(headers, status) ?? headers
  return headers
}

/** Names that a trailer may not have: a recipient that merged it would frame, route or authenticate otherwise (RFC 9110 §6.5.1). */
const neverTrailers = new Set([
  ...['content-length', 'host', 'authorization', 'set-cookie', 'cache-control', 'content-encoding'],
  ...['content-type', 'content-range', 'location', 'vary', 'age', 'expires', 'date', 'www-authenticate'],
])

/** Upstream's trailers → stripped of what no trailer may be → transforms. */
export function responseTrailers(
  rawTrailers: readonly string[],
  status: number,
  { trailers: rules }: RouteTransforms,
  values: RouteValues,
): string[] {
  const trailers: string[] = []
  for (let index = 0; index < rawTrailers.length; index += 2) {
    const name = (rawTrailers[index] as string).toLowerCase()
    if (hopByHop.has(name) || neverTrailers.has(name) || !passes(rules, name)) continue
    trailers.push(name, rawTrailers[index + 1] as string)
  }
  return changed(trailers, rules, values, status)
}

/** Whether the other side's header of this name passes, before any change. */
export const passes = ({ copy, allowed }: HeaderRules, name: string): boolean => allowed?.has(name) ?? copy

/** Applies the changes to a flat list of names, in lower case, and values. */
export function changed(
  headers: readonly string[],
  { changes }: HeaderRules,
  values: RouteValues,
  status: number,
): string[] {
  let result = headers as string[]
  for (const change of changes) {
    if (!applies(change.when, status)) continue
    const value = change.kind === 'remove' ? undefined : valueOfSource(change.source, values)
    // A route value that is not there changes nothing.
    if (change.kind !== 'remove' && value === undefined) continue
    if (change.kind !== 'append') result = without(result, change.name)
    if (value !== undefined) result = [...result, change.name, fieldValue(value)]
  }
  return result
}

const applies = (when: When, status: number) => when === 'Always' || (when === 'Success') === status < 400

/** A route value may hold any letter, decoded: what no field may hold is percent-encoded again (RFC 9110 §5.5). */
const fieldValue = (value: string) => value.replace(/[^\x20-\x7e\t]/g, encodeURIComponent)
