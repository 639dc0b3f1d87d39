import type {
  CustomTransform,
  ForwardedRules,
  HeaderChange,
  HeaderRules,
  PathTransform,
  QueryTransform,
  RouteTransforms,
  XForwardedRules,
} from './transform.ts'

/** Header rules while they are read. */
export type RulesDraft = { copy: boolean; allowed: Set<string> | undefined; changes: HeaderChange[] }

/** A route's transforms while they are read. */
export type TransformDraft = {
  path: PathTransform[]
  query: QueryTransform[]
  methods: Map<string, string>
  originalHost: boolean
  request: RulesDraft
  response: RulesDraft
  trailers: RulesDraft
  xForwarded: XForwardedRules | undefined
  forwarded: ForwardedRules | undefined
  clientCertificate: string | undefined
  custom: CustomTransform[]
}

const createRules = (): RulesDraft => ({ copy: true, allowed: undefined, changes: [] })

export const createDraft = (): TransformDraft => ({
  ...{ path: [], query: [], methods: new Map(), originalHost: false, custom: [] },
  ...{ request: createRules(), response: createRules(), trailers: createRules() },
  ...{ xForwarded: undefined, forwarded: undefined, clientCertificate: undefined },
})

/** What tells of the client where the configuration says nothing: all four, set (GW-16). */
const usualForwarding: XForwardedRules = {
  prefix: 'x-forwarded-',
  parts: { for: 'Set', host: 'Set', proto: 'Set', prefix: 'Set' },
}

export function finishDraft(draft: TransformDraft): RouteTransforms {
  const xForwarded = draft.xForwarded ?? (draft.forwarded ? undefined : usualForwarding)
  return {
    ...draft,
    xForwarded,
    ...{ request: finishRules(draft.request), response: finishRules(draft.response) },
    trailers: finishRules(draft.trailers),
  }
}

/** A list of allowed names lets those pass, whether all others would or not (YARP's `HeadersAllowed` turns copying off). */
const finishRules = ({ copy, allowed, changes }: RulesDraft): HeaderRules => ({
  copy: copy || allowed !== undefined,
  ...{ allowed, changes },
})
