import type { PathTemplate } from '#src/routing/path-template.ts'

/** What to do with one of YARP's four `X-Forwarded` headers. */
export type ForwardedAction = 'Set' | 'Append' | 'Remove' | 'Off'

/** When a response transform applies: Success = status below 400. */
export type When = 'Success' | 'Failure' | 'Always'

/** One of a route's `Transforms`, read and checked. Header names are in lower case. */
export type Transform =
  | { readonly kind: 'path-prefix' | 'path-set'; readonly path: string }
  | { readonly kind: 'path-remove-prefix'; readonly segments: readonly string[] }
  | { readonly kind: 'path-pattern'; readonly template: PathTemplate }
  | {
      readonly kind: 'request-header'
      readonly name: string
      readonly value: string
      readonly append: boolean
    }
  | { readonly kind: 'request-header-remove'; readonly name: string }
  | { readonly kind: 'original-host'; readonly use: boolean }
  | {
      readonly kind: 'response-header'
      readonly name: string
      readonly value: string
      readonly append: boolean
      readonly when: When
    }
  | { readonly kind: 'response-header-remove'; readonly name: string; readonly when: When }
  | {
      readonly kind: 'x-forwarded'
      readonly prefix: string
      readonly parts: Readonly<Record<'for' | 'host' | 'proto' | 'prefix', ForwardedAction>>
    }
