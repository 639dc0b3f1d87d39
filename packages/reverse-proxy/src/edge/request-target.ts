import { type OddPath, readOddPath } from './odd-path.ts'

/** A request's target: what is forwarded, and what is matched. */
export type RequestTarget = {
  /** The client's own bytes, up to the `?`. */
  readonly rawPath: string
  /** From the `?` on, or empty. */
  readonly query: string
  /** The path decoded once: routes and policies see this one. */
  readonly path: string
  /** Where servers read the path in different ways: only a route that opts in takes it. */
  readonly odd: OddPath | undefined
}

const clean = /^[\x21\x22\x24-\x5b\x5d-\x7e]*$/
/** NUL, CR and LF, encoded. */
const refusedEscape = /%(?:00|0d|0a)/i
const brokenEscape = /%(?![0-9a-f]{2})/i

/**
 * Reads a request target strictly: whatever two servers could read differently is refused, or told as odd.
 * @returns the target, `*` where the server itself is asked, or the status to refuse it with
 */
export function readTarget(
  target: string,
  { method, host, longest }: { method: string; host: string; longest: number },
): RequestTarget | '*' | 400 | 414 {
  if (target.length > longest) return 414
  if (target === '*' && method === 'OPTIONS') return '*'
  if (!clean.test(target)) return 400
  const origin = target.startsWith('/') ? target : fromAbsolute(target, host)
  if (origin === undefined || brokenEscape.test(origin)) return 400
  // An absolute-form target of OPTIONS without a path means the server (RFC 9112 §3.2.4).
  if (origin === '' && method === 'OPTIONS') return '*'
  const mark = origin.indexOf('?')
  const rawPath = (mark === -1 ? origin : origin.slice(0, mark)) || '/'
  const path = refusedEscape.test(rawPath) ? undefined : decodeUtf8(rawPath)
  if (path === undefined) return 400
  return {
    ...{ rawPath, query: mark === -1 ? '' : origin.slice(mark), path },
    odd: /[.%]/.test(rawPath) ? readOddPath(rawPath, path) : undefined,
  }
}

/** An absolute-form target counts when it names the host that the `Host` header names (RFC 9112 §3.2.2). */
function fromAbsolute(target: string, host: string): string | undefined {
  const [, authority, rest] = /^https?:\/\/([^/?#]+)(.*)$/i.exec(target) ?? []
  return authority?.toLowerCase() === host ? rest : undefined
}

/** Overlong forms, surrogates and the like are no UTF-8 (RFC 3629 §3). */
function decodeUtf8(rawPath: string): string | undefined {
  if (!rawPath.includes('%')) return rawPath
  try {
    return decodeURIComponent(rawPath)
  } catch {
    return undefined
  }
}
