import { type OddForm, oddForms } from '#src/edge/odd-path.ts'
import type { Section } from './section.ts'

const keys = {
  encodedSlash: 'EncodedSlash',
  encodedBackslash: 'EncodedBackslash',
  dotSegments: 'DotSegments',
}

/**
 * Reads a route's `Paths`, a key of our own that stands beside `Match` and is another thing than `Match.Path`: which forms that servers read
 * in different ways the route takes. `{ EncodedSlash, EncodedBackslash, DotSegments }`, each `Reject` (default) or `Forward`.
 */
export function readPaths(route: Section): ReadonlySet<OddForm> {
  const section = route.sectionOrEmpty('Paths')
  const forwarded = oddForms.filter((form) => section.choice(keys[form], ['Reject', 'Forward']) === 'Forward')
  section.end()
  return new Set(forwarded)
}
