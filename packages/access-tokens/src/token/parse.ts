import { AccessTokenError } from '#src/errors.ts'

/** A token taken apart, not yet believed. */
export type ParsedToken = {
  header: Record<string, unknown>
  payload: Record<string, unknown>
  signature: Buffer
  /** What was signed. */
  content: Buffer
}

/** Refused before any cryptography (RS-10). */
const maximumLength = 8192

/** Takes a compact JWS apart, strictly: three parts, canonical base64url, plain JSON objects without repeated members (RFC 8725, section 3).
 * @throws {AccessTokenError} `token-malformed` */
export function parseToken(token: string): ParsedToken {
  if (token.length > maximumLength) throw malformed('it is too long')
  const parts = token.split('.')
  if (parts.length !== 3) throw malformed('it does not have three parts')
  const [header, payload, signature] = parts as [string, string, string]
  return {
    header: object(decode(header)),
    payload: object(decode(payload)),
    signature: decode(signature),
    content: Buffer.from(token.slice(0, header.length + 1 + payload.length), 'latin1'),
  }
}

function decode(part: string): Buffer {
  const bytes = Buffer.from(part, 'base64url')
  // Buffer skips what is not base64url and ignores stray bits: only what encodes back to itself is canonical.
  if (part === '' || bytes.toString('base64url') !== part)
    throw malformed('a part is not canonical base64url')
  return bytes
}

function object(bytes: Buffer): Record<string, unknown> {
  let value: unknown
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
    value = JSON.parse(text)
    if (hasRepeatedMember(text)) throw malformed('a member is repeated')
  } catch (error) {
    throw error instanceof AccessTokenError ? error : malformed('a part is not JSON')
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw malformed('a part is not an object')
  return value as Record<string, unknown>
}

/**
 * Whether an object of this valid JSON text names a member twice. Parsers disagree about which one counts, so a token that says two things
 * is refused (RFC 8725, section 2.6).
 */
function hasRepeatedMember(text: string): boolean {
  const open: (Set<string> | undefined)[] = []
  const tokens = text.matchAll(/"(?:[^"\\]|\\.)*"(\s*:)?|[{}[\]]/g)
  for (const [token, colon] of tokens) {
    if (token === '{') open.push(new Set())
    else if (token === '[') open.push(undefined)
    else if (token === '}' || token === ']') open.pop()
    else if (colon) {
      const name = JSON.parse(token.slice(0, token.length - colon.length)) as string
      const names = open.at(-1)
      if (names?.has(name)) return true
      names?.add(name)
    }
  }
  return false
}

const malformed = (reason: string) =>
  new AccessTokenError('token-malformed', `The access token cannot be read: ${reason}.`)
