/** One entry of a `Server-Timing` header (W3C Server Timing). `duration` in milliseconds. */
export type ServerTimingEntry = { name: string; duration?: number; description?: string }

/** One cache of a `Cache-Status` header (RFC 9211): its name, whether it held the answer, and its parameters. */
export type CacheStatusEntry = { cache: string; hit: boolean; parameters: Record<string, string | true> }

/** Entries of a `Server-Timing` header in their order. What is not understood is left out, never thrown. */
export function parseServerTiming(header: string | null): ServerTimingEntry[] {
  return splitList(header ?? '', ',').flatMap((member) => {
    const [name, ...parameters] = splitList(member, ';')
    if (!name) return []
    const values = parametersOf(parameters)
    const duration = Number(values.dur)
    return [
      {
        name,
        ...(values.dur !== undefined && Number.isFinite(duration) && { duration }),
        ...(typeof values.desc === 'string' && { description: values.desc }),
      },
    ]
  })
}

/** Caches of a `Cache-Status` header, the one nearest to the origin first, as the header has them. */
export function parseCacheStatus(header: string | null): CacheStatusEntry[] {
  return splitList(header ?? '', ',').flatMap((member) => {
    const [cache, ...rest] = splitList(member, ';')
    if (!cache) return []
    const { hit, ...parameters } = parametersOf(rest)
    return [{ cache: unquoted(cache), hit: hit === true || hit === '?1', parameters }]
  })
}

function parametersOf(parts: string[]): Record<string, string | true> {
  return Object.fromEntries(
    parts.map((part) => {
      const at = part.indexOf('=')
      return at < 0
        ? ([part.toLowerCase(), true] as const)
        : ([part.slice(0, at).trim().toLowerCase(), unquoted(part.slice(at + 1).trim())] as const)
    }),
  )
}

/** Splits at `separator` outside of quoted strings. */
function splitList(text: string, separator: string): string[] {
  const parts = ['']
  let quoted = false
  for (let index = 0; index < text.length; index++) {
    const character = text[index] as string
    if (quoted && character === '\\') {
      parts[parts.length - 1] += character + (text[++index] ?? '')
      continue
    }
    if (character === '"') quoted = !quoted
    if (character === separator && !quoted) parts.push('')
    else parts[parts.length - 1] += character
  }
  return parts.map((part) => part.trim()).filter((part) => part !== '')
}

function unquoted(text: string): string {
  return text.startsWith('"') && text.endsWith('"') && text.length > 1
    ? text.slice(1, -1).replace(/\\(.)/g, '$1')
    : text
}
