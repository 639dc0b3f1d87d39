import type { RouteValues } from '#src/routing/match-path.ts'
import type { PathTemplate } from '#src/routing/path-template.ts'

/** When a response transform applies: Success = status below 400; Failure = from 400 on, or no answer. */
export type When = 'Success' | 'Failure' | 'Always'

/** A text, or the value of a parameter of the route's path. */
export type Source = string | { readonly routeValue: string }

/** What a source stands for in one exchange; `undefined` where the path has no such value. */
export const valueOfSource = (source: Source, values: RouteValues): string | undefined =>
  typeof source === 'string' ? source : values[source.routeValue]

/** One change of the path. */
export type PathTransform =
  | { readonly kind: 'set'; readonly path: string }
  | { readonly kind: 'prefix'; readonly path: string }
  /** `text`: the segments in lower case, a `/` before each. */
  | { readonly kind: 'remove-prefix'; readonly segments: readonly string[]; readonly text: string }
  | { readonly kind: 'pattern'; readonly template: PathTemplate }

/** One change of the query; names are compared as they are when decoded. */
export type QueryTransform =
  | { readonly kind: 'set' | 'append'; readonly name: string; readonly source: Source }
  | { readonly kind: 'remove'; readonly name: string }

/** One change of headers or trailers. The name is in lower case. */
export type HeaderChange =
  | { readonly kind: 'set' | 'append'; readonly name: string; readonly source: Source; readonly when: When }
  | { readonly kind: 'remove'; readonly name: string; readonly when: When }

/** Which headers pass, and how they are changed then. */
export type HeaderRules = {
  /** Whether the other side's headers pass. */
  readonly copy: boolean
  /** Where given, only these pass: in lower case. */
  readonly allowed: ReadonlySet<string> | undefined
  readonly changes: readonly HeaderChange[]
}

/** What to do with a header that tells of the client. */
export type ForwardedAction = 'Set' | 'Append' | 'Remove' | 'Off'

/** The four headers `X-Forwarded-*`. */
export type XForwardedRules = {
  /** In lower case, such as `x-forwarded-`. */
  readonly prefix: string
  readonly parts: Readonly<Record<'for' | 'host' | 'proto' | 'prefix', ForwardedAction>>
}

/** How a node is named in `Forwarded` (RFC 7239 §6). */
export type NodeFormat = {
  readonly name: 'Random' | 'Unknown' | 'Ip'
  readonly port: 'none' | 'real' | 'random'
}

/** The header `Forwarded` (RFC 7239). */
export type ForwardedRules = {
  readonly action: ForwardedAction
  readonly parts: ReadonlySet<'for' | 'by' | 'host' | 'proto'>
  readonly forFormat: NodeFormat
  readonly byFormat: NodeFormat
}

/** A transform of the app's own, made from its entry in the configuration. Headers are names in lower case and values in turn. */
export type CustomTransform = {
  /** Changes the headers for the upstream. */
  request?(headers: string[], values: RouteValues): string[]
  /** Changes the headers for the client. */
  response?(headers: string[], status: number): string[]
}

/** A route's `Transforms`, read, checked and sorted by what they change. Each list is in the order of the configuration. */
export type RouteTransforms = {
  readonly path: readonly PathTransform[]
  readonly query: readonly QueryTransform[]
  /** From the client's method to the upstream's. */
  readonly methods: ReadonlyMap<string, string>
  /** Whether the upstream is told the client's `Host`. */
  readonly originalHost: boolean
  readonly request: HeaderRules
  readonly response: HeaderRules
  readonly trailers: HeaderRules
  readonly xForwarded: XForwardedRules | undefined
  readonly forwarded: ForwardedRules | undefined
  /** The header that holds the client's TLS certificate, in lower case. */
  readonly clientCertificate: string | undefined
  readonly custom: readonly CustomTransform[]
}
