import type { Criterion, CriterionMode } from '#src/routing/criteria.ts'
import type { Section } from './section.ts'

const headerModes: Readonly<Record<string, CriterionMode>> = {
  ExactHeader: 'exact',
  HeaderPrefix: 'prefix',
  Contains: 'contains',
  NotContains: 'not-contains',
  Exists: 'exists',
  NotExists: 'not-exists',
}

const queryModes: Readonly<Record<string, CriterionMode>> = {
  Exact: 'exact',
  Prefix: 'prefix',
  Contains: 'contains',
  NotContains: 'not-contains',
  Exists: 'exists',
}

/** Reads `Headers` of a `Match`. */
export const readHeaderCriteria = (match: Section): Criterion[] =>
  match.sections('Headers').map((section) => readCriterion(section, headerModes))

/** Reads `QueryParameters` of a `Match`. */
export const readQueryCriteria = (match: Section): Criterion[] =>
  match.sections('QueryParameters').map((section) => readCriterion(section, queryModes))

/** `modes`: by YARP's names, the default first. */
function readCriterion(section: Section, modes: Readonly<Record<string, CriterionMode>>): Criterion {
  section.requires('Name', 'Name the one that is to be matched')
  const name = section.text('Name', '')
  const written = section.choice('Mode', Object.keys(modes), Object.keys(modes)[0] as string)
  const mode = modes[written] as CriterionMode
  const isCaseSensitive = section.boolean('IsCaseSensitive', false)
  const values = section.texts('Values') ?? []
  const asksForPresence = mode === 'exists' || mode === 'not-exists'
  if (asksForPresence && values.length > 0) {
    section.fault('Values', `mean nothing with ${written}`, 'Remove them, or choose another Mode')
  }
  if (!asksForPresence && (values.length === 0 || values.includes(''))) {
    section.fault('Values', 'are missing or empty', 'List the values that match')
  }
  section.end()
  return {
    ...{ name: name.toLowerCase(), mode, isCaseSensitive },
    values: isCaseSensitive ? values : values.map((value) => value.toLowerCase()),
  }
}
