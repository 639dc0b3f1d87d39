import { knownHeader } from '#src/edge/known-header.ts'
import type { HeaderChange, RouteTransforms } from './transform.ts'
import { passes } from './transform-headers.ts'

/** Fields of a client that go to an upstream just as they came. */
export type PassedFields = {
  /** Names in lower case and values in turn. */
  readonly list: readonly string[]
  /** The same as HTTP/1.1 has it, a line end before each. */
  readonly text: string
}

/**
 * The fields that pass on a route, as they were read by our own reader, which holds them to be proper names and values: they can be sent
 * without a second look. `undefined` where the route changes them by more than leaving some out.
 */
export function passFields(
  rawHeaders: readonly string[],
  transforms: RouteTransforms,
): PassedFields | undefined {
  const { request: rules, clientCertificate, custom } = transforms
  if (custom.length > 0 || clientCertificate !== undefined || !rules.changes.every(removes)) return undefined
  const removed = new Set(rules.changes.map(({ name }) => name))
  const list: string[] = []
  let text = ''
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const { name, isOurs } = knownHeader(rawHeaders[index] as string)
    if (isOurs || removed.has(name) || !passes(rules, name)) continue
    const value = rawHeaders[index + 1] as string
    list.push(name, value)
    text += `\r\n${name}: ${value}`
  }
  return { list, text }
}

/** From a request, that is: `Failure` speaks of answers. */
const removes = ({ kind, when }: HeaderChange) => kind === 'remove' && when !== 'Failure'
