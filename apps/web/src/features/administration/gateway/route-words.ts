import type { GatewayCriterion, GatewayMissed, GatewayRoute } from '@alicerce/api-client'

/** A header or query parameter that a route asks for, as one would write it. `hidden` stands for values that are not told. */
export function criterionText({ name, mode, values }: GatewayCriterion, hidden: string): string {
  if (mode === 'exists') return name
  if (mode === 'not-exists') return `!${name}`
  const signs = { exact: '=', prefix: '^=', contains: '*=', 'not-contains': '!*=' }
  return `${name} ${signs[mode]} ${values ? values.join(' | ') : `(${hidden})`}`
}

/** What a route wants where a request misses it. Undefined where the route is not known any more: the configuration may have changed. */
export function wantedBy(
  route: GatewayRoute | undefined,
  missed: GatewayMissed,
  hidden: string,
): string | undefined {
  if (!route) return undefined
  const texts = (criteria: GatewayCriterion[]) => criteria.map((each) => criterionText(each, hidden))
  const wanted: Record<GatewayMissed, string[]> = {
    path: [route.path],
    host: route.hosts,
    method: route.methods,
    header: texts(route.headers),
    query: texts(route.queryParameters),
  }
  return wanted[missed].join(', ')
}
