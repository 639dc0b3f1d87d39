import type { TemplatePart } from './path-template.ts'

/**
 * What the parameters between the literals of one segment stand for, in their order. From the right, as in ASP.NET: in `{name}.{extension}`
 * the last dot parts them. Nothing is tried twice, so that no segment that a client writes takes long.
 */
export function matchMixed(parts: readonly TemplatePart[], segment: string): string[] | undefined {
  const folded = segment.toLowerCase()
  const values: string[] = []
  let end = segment.length
  for (let index = parts.length - 1; index >= 0; index--) {
    const part = parts[index] as TemplatePart
    if (part.kind === 'literal') {
      if (!folded.endsWith(part.folded, end)) return undefined
      end -= part.value.length
      continue
    }
    const start = startOf(parts[index - 1], index === 1, folded, end)
    if (start === undefined || start >= end) return undefined
    values.unshift(segment.slice(start, end))
    end = start
  }
  return end === 0 ? values : undefined
}

/** Where a parameter begins that ends at `end`: behind the literal before it, which stands at the very beginning if it is the first part. */
function startOf(
  before: TemplatePart | undefined,
  isFirst: boolean,
  folded: string,
  end: number,
): number | undefined {
  if (before?.kind !== 'literal') return 0
  if (isFirst) return before.folded.length
  const at = folded.lastIndexOf(before.folded, end - 1 - before.folded.length)
  return at === -1 ? undefined : at + before.folded.length
}
