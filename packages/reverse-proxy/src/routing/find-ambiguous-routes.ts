import type { RouteConfiguration } from '#src/configuration/proxy-configuration.ts'
import { type Criterion, matchHeaders, matchQuery } from './criteria.ts'
import { matchPath } from './match-path.ts'
import type { PathTemplate, TemplatePart, TemplateSegment } from './path-template.ts'
import { compareRank, matchHost } from './router.ts'

/** What parameters are tried with: each of ASP.NET's constraints without arguments takes one of them. */
const samples = [
  ...['x', '1', '12', '123', '1234', 'ab', 'abc', 'x1', 'x.y', '1.5', 'true', '2026-01-31'],
  '7b1f8c0e-3f5a-4c62-9d0e-1a2b3c4d5e6f',
]

/**
 * Says of two routes of equal rank when one request can match both: nothing but their names decides between them then (GW-04). A pair is told
 * only with a request that proves it; one that no such request was found for may still be ambiguous, by a rare constraint.
 */
export function findAmbiguousRoutes(routes: readonly RouteConfiguration[]): string[] {
  const groups = Map.groupBy(routes, groupOf)
  return [...groups.values()].flatMap((group) =>
    group.flatMap((one, index) =>
      group.slice(index + 1).flatMap((other) => {
        const request = compareRank(one, other) === 0 && witnessOf(one, other)
        const [first, second] = [one.id, other.id].sort((a, b) => a.localeCompare(b))
        return request
          ? [
              `Routes.${first} and Routes.${second} both match ${request}, with equal rank: ${first} takes it, by its name alone. Give one of them an Order.`,
            ]
          : []
      }),
    ),
  )
}

/** Routes of different groups have no request in common, or not the same rank: pairs are looked for in small groups only. */
function groupOf({ order, path }: RouteConfiguration): string {
  const literals = path.segments.map((segment) => (segment.kind === 'literal' ? segment.folded : ''))
  return [order, path.precedence, ...literals].join('/')
}

/** A request that both match, as far as it says something; `undefined` where none was found. */
function witnessOf(one: RouteConfiguration, other: RouteConfiguration): string | undefined {
  const method = one.methods.length === 0 ? 'GET' : one.methods.find((each) => other.methods.includes(each))
  const host = commonHost(one.hosts, other.hosts)
  const path = commonPath(one.path, other.path)
  if (!method || host === undefined || path === undefined) return undefined
  const header = commonValues(one.headers, other.headers, (criteria, name, value) =>
    matchHeaders(criteria, value === undefined ? [] : [name, value]),
  )
  const query = commonValues(one.queryParameters, other.queryParameters, (criteria, name, value) =>
    matchQuery(criteria, value === undefined ? '' : `?${new URLSearchParams([[name, value]])}`),
  )
  return header && query ? `${method} ${host}${path}` : undefined
}

function commonHost(one: readonly string[], other: readonly string[]): string | undefined {
  if (one.length === 0) return ''
  const hosts = [...one, ...other].map((host) => host.replace(/^\*\./, 'x.'))
  return hosts.find((host) => matchHost(one, host) && matchHost(other, host))
}

/** Equal precedence means as many segments, of the same kinds: each can be looked at by itself. */
function commonPath(one: PathTemplate, other: PathTemplate): string | undefined {
  const parts = one.segments.map((segment, index) => {
    const second = other.segments[index] as TemplateSegment
    const candidates = [...valuesFor(segment), ...valuesFor(second)]
    return candidates.find((value) => takes(segment, value) && takes(second, value))
  })
  return parts.includes(undefined) ? undefined : `/${parts.join('/')}`
}

const takes = (segment: TemplateSegment, value: string): boolean =>
  matchPath({ segments: [segment], text: '', precedence: '' }, [value]) !== undefined

function valuesFor(segment: TemplateSegment): readonly string[] {
  if (segment.kind === 'literal') return [segment.value]
  return segment.kind === 'mixed' ? samples.map((sample) => fill(segment.parts, sample)) : samples
}

const fill = (parts: readonly TemplatePart[], sample: string): string =>
  parts.map((part) => (part.kind === 'literal' ? part.value : sample)).join('')

/** Whether each name can have one value, or none, with which all criteria of both hold. */
function commonValues(
  one: readonly Criterion[],
  other: readonly Criterion[],
  holds: (criteria: readonly Criterion[], name: string, value: string | undefined) => boolean,
): boolean {
  const byName = Map.groupBy([...one, ...other], ({ name }) => name)
  return [...byName].every(([name, criteria]) => {
    const values = criteria.flatMap(({ values }) => values)
    const joined = values.flatMap((first) => values.map((second) => first + second))
    return [undefined, 'x', 'y', ...values, ...joined].some((value) => holds(criteria, name, value))
  })
}
