import { hopByHop, isReserved, nominatedNames } from '#src/edge/header-names.ts'
import type { Transform, When } from './transform.ts'

/** What the headers for an upstream are made of. */
export type RequestHeaderParts = {
  /** The client's, names and values in turn. */
  rawHeaders: readonly string[]
  nominated: ReadonlySet<string>
  transforms: readonly Transform[]
  /** The destination's `Host`. */
  host: string
  client: { address: string; host: string; proto: 'http' | 'https' }
  /** Added last, so that nothing of the client's can replace them: names in lower case and values in turn. */
  own: readonly string[]
}

/** Node answers `Expect: 100-continue` itself. The length of a body is said by whoever sends it. */
const setByUs = new Set(['host', 'content-length', 'expect'])

/** Client's headers → stripped of hop-by-hop, nominated and identity headers → transforms → ours (GW-40). */
export function requestHeaders(parts: RequestHeaderParts): string[] {
  const { rawHeaders, nominated, transforms, host, client, own } = parts
  let headers: string[] = []
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = (rawHeaders[index] as string).toLowerCase()
    if (hopByHop.has(name) || setByUs.has(name) || nominated.has(name) || isReserved(name)) continue
    headers.push(name, rawHeaders[index + 1] as string)
  }
  const useOriginalHost = transforms.some((transform) => transform.kind === 'original-host' && transform.use)
  for (const transform of transforms) {
    if (transform.kind === 'request-header-remove') headers = without(headers, transform.name)
    if (transform.kind === 'request-header') headers = changed(headers, transform)
  }
  for (let index = 0; index < own.length; index += 2) headers = without(headers, own[index] as string)
  headers.push(
    'host',
    useOriginalHost ? client.host : host,
    ...forwardedHeaders(rawHeaders, transforms, client),
    ...own,
  )
  return headers
}

/** The client's own `X-Forwarded-*` are gone already, unless a transform asks to append to them or to leave them. */
function forwardedHeaders(
  rawHeaders: readonly string[],
  transforms: readonly Transform[],
  { address, host, proto }: RequestHeaderParts['client'],
): string[] {
  const transform = transforms.findLast(({ kind }) => kind === 'x-forwarded')
  const { prefix = 'x-forwarded-', parts } = transform?.kind === 'x-forwarded' ? transform : {}
  const values = { for: address, host, proto, prefix: '' }
  return (['for', 'host', 'proto', 'prefix'] as const).flatMap((part) => {
    const action = parts?.[part] ?? 'Set'
    const name = `${prefix}${part}`
    const before = action === 'Append' || action === 'Off' ? valuesOf(rawHeaders, name) : []
    const now = action === 'Off' || action === 'Remove' || !values[part] ? [] : [values[part]]
    const all = [...before, ...now].join(', ')
    return all ? [name, all] : []
  })
}

/** Upstream's headers → stripped of hop-by-hop and nominated → transforms. */
export function responseHeaders(
  rawHeaders: readonly string[],
  status: number,
  transforms: readonly Transform[],
): string[] {
  const nominated = nominatedNames(rawHeaders)
  let headers: string[] = []
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = (rawHeaders[index] as string).toLowerCase()
    if (!hopByHop.has(name) && !nominated.has(name)) headers.push(name, rawHeaders[index + 1] as string)
  }
  for (const transform of transforms) {
    if (transform.kind === 'response-header-remove' && applies(transform.when, status))
      headers = without(headers, transform.name)
    if (transform.kind === 'response-header' && applies(transform.when, status))
      headers = changed(headers, transform)
  }
  return headers
}

const applies = (when: When, status: number) => when === 'Always' || (when === 'Success') === status < 400

/** All values of one header in a flat list of names and values. */
export function valuesOf(headers: readonly string[], name: string): string[] {
  return headers.filter((_, index) => index % 2 === 1 && headers[index - 1]?.toLowerCase() === name)
}

/** A flat list of names and values without one header. */
export function without(headers: readonly string[], name: string): string[] {
  return headers.filter((_, index) => headers[index - (index % 2)] !== name)
}

function changed(headers: string[], change: { name: string; value: string; append: boolean }): string[] {
  return [...(change.append ? headers : without(headers, change.name)), change.name, change.value]
}
