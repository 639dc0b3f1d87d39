import { nearestOf } from '#src/configuration/nearest-name.ts'
import type { Section } from '#src/configuration/section.ts'
import { createDraft, finishDraft, type TransformDraft } from './draft.ts'
import { readForwarded, readXForwarded } from './read-forwarded.ts'
import { headerNameOf, readHeaderChange, readHeaderRemove, readHeadersAllowed } from './read-headers.ts'
import { readMethodChange, readPathPattern, readPathTransform, readQueryChange } from './read-target.ts'
import type { CustomTransform, RouteTransforms } from './transform.ts'

/** Makes a transform of the other members of its entry. Throws an `Error` whose message says what is wrong with them. */
export type CustomTransformFactory = (options: Readonly<Record<string, unknown>>) => CustomTransform

type Reader = (section: Section, key: string, draft: TransformDraft) => void

/** By the key that makes a transform what it is: the 25 of YARP. */
const readers: Readonly<Record<string, Reader>> = {
  PathPrefix: readPathTransform,
  PathSet: readPathTransform,
  PathRemovePrefix: readPathTransform,
  PathPattern: readPathPattern,
  QueryValueParameter: readQueryChange,
  QueryRouteParameter: readQueryChange,
  QueryRemoveParameter: (section, key, draft) =>
    draft.query.push({ kind: 'remove', name: section.text(key) ?? '' }),
  HttpMethodChange: readMethodChange,
  RequestHeadersCopy: (section, key, draft) => {
    draft.request.copy = section.boolean(key) ?? true
  },
  RequestHeaderOriginalHost: (section, key, draft) => {
    draft.originalHost = section.boolean(key) ?? true
  },
  RequestHeader: (section, key, draft) => readHeaderChange(section, key, draft.request),
  RequestHeaderRouteValue: (section, key, draft) => readHeaderChange(section, key, draft.request),
  RequestHeaderRemove: (section, key, draft) => readHeaderRemove(section, key, draft.request),
  RequestHeadersAllowed: (section, key, draft) => readHeadersAllowed(section, key, draft.request),
  'X-Forwarded': readXForwarded,
  Forwarded: readForwarded,
  ClientCert: (section, key, draft) => {
    draft.clientCertificate = headerNameOf(section, key)
  },
  ResponseHeadersCopy: (section, key, draft) => {
    draft.response.copy = section.boolean(key) ?? true
  },
  ResponseHeader: (section, key, draft) => readHeaderChange(section, key, draft.response),
  ResponseHeaderRemove: (section, key, draft) => readHeaderRemove(section, key, draft.response),
  ResponseHeadersAllowed: (section, key, draft) => readHeadersAllowed(section, key, draft.response),
  ResponseTrailersCopy: (section, key, draft) => {
    draft.trailers.copy = section.boolean(key) ?? true
  },
  ResponseTrailer: (section, key, draft) => readHeaderChange(section, key, draft.trailers),
  ResponseTrailerRemove: (section, key, draft) => readHeaderRemove(section, key, draft.trailers),
  ResponseTrailersAllowed: (section, key, draft) => readHeadersAllowed(section, key, draft.trailers),
}

/** Reads a route's `Transforms`. */
export function readTransforms(
  route: Section,
  custom: ReadonlyMap<string, CustomTransformFactory>,
): RouteTransforms {
  const draft = createDraft()
  const known = [...Object.keys(readers), ...custom.keys()]
  for (const [key, section] of route.sectionsByKey('Transforms', known)) {
    if (key === undefined) {
      const written = section.keys.join(', ')
      const misspelt = section.keys.filter((name) => !known.includes(name))
      const nearest = misspelt.map((name) => nearestOf(name, known)).find(Boolean)
      const mend = nearest ? `Did you mean ${nearest}?` : `Use one of ${known.join(', ')}`
      section.fault('', `is no transform that is known (${written})`, mend)
      continue
    }
    const read = readers[key]
    if (read) read(section, key, draft)
    else readCustom(section, key, custom.get(key) as CustomTransformFactory, draft)
    section.end()
  }
  return finishDraft(draft)
}

function readCustom(
  section: Section,
  key: string,
  make: CustomTransformFactory,
  draft: TransformDraft,
): void {
  try {
    draft.custom.push(make(section.rest()))
  } catch (error) {
    section.fault(key, `is not right: ${(error as Error).message}`, 'See what the app that registers it asks')
  }
}
