import { elementsOf } from '#src/edge/list-elements.ts'

/** How a value of a request is held against the values of a matcher. */
export type CriterionMode = 'exact' | 'prefix' | 'contains' | 'not-contains' | 'exists' | 'not-exists'

/** One header or query parameter that a route asks for. */
export type Criterion = {
  /** In lower case. */
  readonly name: string
  readonly mode: CriterionMode
  /** Any of them suffices; for `not-contains`, none may be there. In lower case where case does not count. */
  readonly values: readonly string[]
  readonly isCaseSensitive: boolean
}

/** Whether all criteria hold for the headers: names and values in turn, as Node gives them. */
export const matchHeaders = (criteria: readonly Criterion[], rawHeaders: readonly string[]): boolean =>
  criteria.every((criterion) => holds(criterion, headerValues(criterion, rawHeaders)))

/** Whether all criteria hold for a query: from its `?` on, or empty. */
export function matchQuery(criteria: readonly Criterion[], query: string): boolean {
  if (criteria.length === 0) return true
  const parameters = [...new URLSearchParams(query)]
  return criteria.every((criterion) => {
    const named = parameters.filter(([name]) => name.toLowerCase() === criterion.name)
    return holds(
      criterion,
      named.map(([, value]) => value),
    )
  })
}

function holds({ mode, values, isCaseSensitive }: Criterion, found: readonly string[]): boolean {
  if (mode === 'exists') return found.length > 0
  if (mode === 'not-exists') return found.length === 0
  const actual = isCaseSensitive ? found : found.map((value) => value.toLowerCase())
  const matches = actual.some((value) => values.some((wanted) => compare(mode, value, wanted)))
  return mode === 'not-contains' ? !matches : matches
}

function compare(mode: CriterionMode, value: string, wanted: string): boolean {
  if (mode === 'exact') return value === wanted
  return mode === 'prefix' ? value.startsWith(wanted) : value.includes(wanted)
}

/** Whole and prefixes are of the elements of a list, as in YARP; parts are of the lines as they came. */
function headerValues({ name, mode }: Criterion, rawHeaders: readonly string[]): string[] {
  const lines: string[] = []
  for (let index = 0; index < rawHeaders.length; index += 2) {
    if ((rawHeaders[index] as string).toLowerCase() === name) lines.push(rawHeaders[index + 1] as string)
  }
  if (mode !== 'exact' && mode !== 'prefix') return lines
  const separator = name === 'cookie' ? ';' : ','
  return lines.flatMap((line) => elementsOf(line, separator))
}
