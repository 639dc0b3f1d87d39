/**
 * Parses a JSON object and refuses one that names a member twice, at any depth: which of the two counts differs between parsers, so a
 * check and a use could see different values (RFC 8725 §3.10 and RFC 7515 §4). Returns `undefined` for whatever is not such an object.
 */
export function parseStrictObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text)
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value)
    return isObject && !hasDuplicateMember(text) ? (value as Record<string, unknown>) : undefined
  } catch {
    return undefined
  }
}

const token = /"(?:[^"\\]|\\.)*"|[{}[\],:]/g

/** Expects valid JSON. A text before a colon is a member's name. */
function hasDuplicateMember(text: string): boolean {
  const open: (Set<string> | undefined)[] = []
  let last = ''
  for (const [part] of text.matchAll(token)) {
    if (part === '{') open.push(new Set())
    else if (part === '[') open.push(undefined)
    else if (part === '}' || part === ']') open.pop()
    else if (part === ':') {
      const names = open.at(-1)
      const name = JSON.parse(last) as string
      if (names?.has(name)) return true
      names?.add(name)
    }
    last = part
  }
  return false
}
