/** A request's target: what is forwarded, and what is matched. */
export type RequestTarget = {
  /** The client's own bytes, up to the `?`. */
  readonly rawPath: string
  /** From the `?` on, or empty. */
  readonly query: string
  /** The path decoded once: routes and policies see this one. */
  readonly path: string
}

const longestTarget = 8192
const clean = /^[\x21\x22\x24-\x5b\x5d-\x7e]*$/
/** `/`, `\`, NUL, CR and LF, encoded. */
const refusedEscape = /%(?:2f|5c|00|0d|0a)/i
const brokenEscape = /%(?![0-9a-f]{2})/i

/**
 * Reads a request target strictly: whatever two servers could read differently is refused.
 * @returns the target, or the status to refuse it with
 */
export function readTarget(target: string, host: string): RequestTarget | 400 | 414 {
  if (target.length > longestTarget) return 414
  if (!clean.test(target)) return 400
  const origin = target.startsWith('/') ? target : fromAbsolute(target, host)
  if (origin === undefined || brokenEscape.test(origin)) return 400
  const mark = origin.indexOf('?')
  const rawPath = mark === -1 ? origin : origin.slice(0, mark)
  const path = decodePath(rawPath)
  return path === undefined ? 400 : { rawPath, query: mark === -1 ? '' : origin.slice(mark), path }
}

/** An absolute-form target counts when it names the host that the `Host` header names (RFC 9112 §3.2.2). */
function fromAbsolute(target: string, host: string): string | undefined {
  const [, authority, rest] = /^https?:\/\/([^/?#]+)(.*)$/i.exec(target) ?? []
  if (authority === undefined || authority.toLowerCase() !== host) return undefined
  return rest?.startsWith('/') ? rest : `/${rest}`
}

function decodePath(rawPath: string): string | undefined {
  if (refusedEscape.test(rawPath)) return undefined
  const path = rawPath.includes('%') ? decodeUtf8(rawPath) : rawPath
  const hasDots = path?.split('/').some((segment) => segment === '.' || segment === '..')
  return hasDots ? undefined : path
}

function decodeUtf8(rawPath: string): string | undefined {
  try {
    return decodeURIComponent(rawPath)
  } catch {
    return undefined
  }
}
