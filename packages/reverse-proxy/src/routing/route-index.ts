import type { RouteConfiguration } from '#src/configuration/proxy-configuration.ts'

/** So few routes are tried one after the other. */
const fewRoutes = 4

/** Routes by the literal segments of their paths: of thousands of routes a request is held against a few. */
export type RouteIndex =
  | { readonly routes: readonly RouteConfiguration[] }
  | {
      /** Of the path, from 0. */
      readonly segment: number
      /** By the segment's text in lower case: those that ask for it, and those that take any. */
      readonly byText: ReadonlyMap<string, RouteIndex>
      readonly others: RouteIndex
    }

/** Builds an index. Within it the routes keep their order. */
export function createRouteIndex(routes: readonly RouteConfiguration[], segment = 0): RouteIndex {
  const literals = new Set(routes.flatMap((route) => literalAt(route, segment) ?? []))
  const isDeepest = routes.every(({ path }) => path.segments.length <= segment)
  if (routes.length <= fewRoutes || isDeepest) return { routes }
  if (literals.size === 0) return createRouteIndex(routes, segment + 1)
  const children = [...literals].map((text): [string, RouteIndex] => {
    const fitting = routes.filter((route) => (literalAt(route, segment) ?? text) === text)
    return [text, createRouteIndex(fitting, segment + 1)]
  })
  const others = routes.filter((route) => literalAt(route, segment) === undefined)
  return { segment, byText: new Map(children), others: createRouteIndex(others, segment + 1) }
}

/** The routes that can match a path, in order. */
export function candidatesOf(index: RouteIndex, parts: readonly string[]): readonly RouteConfiguration[] {
  let node = index
  while (!('routes' in node)) node = node.byText.get(parts[node.segment]?.toLowerCase() ?? '') ?? node.others
  return node.routes
}

/** The text that a route asks for at a segment; `undefined` where it takes several, or the path may have ended. */
function literalAt({ path }: RouteConfiguration, segment: number): string | undefined {
  const found = path.segments[segment]
  return found?.kind === 'literal' ? found.folded : undefined
}
