import { valuesOf } from '#src/edge/header-names.ts'
import { elementsOf } from '#src/edge/list-elements.ts'

/** What `Cache-Control` says: the arguments of each directive, one for each time it stands there; '' = without. */
export type CacheControl = ReadonlyMap<string, readonly string[]>

const mostSeconds = 2 ** 31

/** Reads all `Cache-Control` of a message. Names are in lower case: they are compared without regard to it (RFC 9111 §5.2). */
export function readCacheControl(headers: readonly string[]): CacheControl {
  const directives = new Map<string, string[]>()
  const elements = valuesOf(headers, 'cache-control').flatMap((line) => elementsOf(line, ','))
  for (const element of elements.flatMap(closedOnly)) {
    const mark = element.indexOf('=')
    const name = (mark === -1 ? element : element.slice(0, mark)).trim().toLowerCase()
    const argument = mark === -1 ? '' : unquoted(element.slice(mark + 1).trim())
    if (name) directives.set(name, [...(directives.get(name) ?? []), argument])
  }
  return directives
}

/** A quote that nobody closes hides nothing: behind it may stand `no-store`. */
function closedOnly(element: string): string[] {
  return element.includes('"') && !element.endsWith('"') ? element.split(',') : [element]
}

const unquoted = (argument: string) =>
  argument.startsWith('"') && argument.endsWith('"') ? argument.slice(1, -1) : argument

/**
 * A directive's time in milliseconds; `undefined` where it is not there. What is no number, or said twice differently, is no time at all:
 * such an answer is stale (RFC 9111 §4.2.1).
 */
export function millisecondsOf(control: CacheControl, name: string): number | undefined {
  const said = control.get(name)
  if (said === undefined) return undefined
  const [first = '', ...others] = said
  if (!/^\d+$/.test(first) || others.some((other) => other !== first)) return 0
  return Math.min(Number(first), mostSeconds) * 1000
}
