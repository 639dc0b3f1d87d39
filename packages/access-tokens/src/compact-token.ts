import { AccessTokenError } from './access-token-error.ts'
import { parseStrictObject } from './strict-json.ts'

/** A compact JWS (RFC 7515 §7.1) taken apart. Nothing in it is trusted yet. */
export type CompactToken = {
  readonly header: Readonly<Record<string, unknown>>
  /** What the signature covers: the first two parts. */
  readonly signedBytes: Buffer
  readonly signature: Buffer
  /** @throws {AccessTokenError} when it is not one JSON object */
  payload(): Record<string, unknown>
}

/** The longest token looked at, in characters. Longer ones cost no cryptography. */
const longestToken = 8192
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

type Malformed = (what: string) => AccessTokenError

/**
 * Takes a token apart: three parts in canonical base64url, a header of JSON without doubled members.
 * @param malformed makes the error of what is wrong, as `does not have three parts`; default `token-malformed`
 * @throws {AccessTokenError}
 */
export function parseCompactToken(token: string, malformed: Malformed = malformedToken): CompactToken {
  if (token.length > longestToken) throw malformed('is longer than 8192 characters')
  const parts = token.split('.')
  const [header, payload, signature] = parts
  if (parts.length !== 3 || !header || !payload || !signature) throw malformed('does not have three parts')
  const signedLength = header.length + 1 + payload.length
  return {
    header: decodeObject(header, 'header', malformed),
    signedBytes: Buffer.from(token.slice(0, signedLength), 'latin1'),
    signature: decode(signature, malformed),
    payload: () => decodeObject(payload, 'payload', malformed),
  }
}

function decodeObject(part: string, name: string, malformed: Malformed): Record<string, unknown> {
  const object = parseStrictObject(decodeText(decode(part, malformed), malformed))
  if (!object) throw malformed(`has a ${name} that is not one JSON object without doubled members`)
  return object
}

function decodeText(bytes: Buffer, malformed: Malformed): string {
  try {
    return utf8.decode(bytes)
  } catch {
    throw malformed('is not UTF-8')
  }
}

/** Two spellings of the same bytes would be two tokens to whoever compares texts: only the canonical one counts. */
function decode(part: string, malformed: Malformed): Buffer {
  const bytes = Buffer.from(part, 'base64url')
  if (bytes.toString('base64url') !== part) throw malformed('is not canonical base64url')
  return bytes
}

const malformedToken = (what: string) => new AccessTokenError('token-malformed', `The access token ${what}`)
