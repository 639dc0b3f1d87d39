import { AccessTokenError } from './access-token-error.ts'

/** How a token is presented: by itself (RFC 6750), or with the proof of a key (RFC 9449). */
export type Scheme = 'Bearer' | 'DPoP'

/** What a request shows of who sends it. Nothing of it is trusted yet. */
export type Credentials = {
  readonly scheme: Scheme
  readonly token: string
  /** All values of the header `DPoP`: more than one is a fault (RFC 9449 §4.3). */
  readonly proofs: readonly string[]
}

const pattern = /^(Bearer|DPoP) +([A-Za-z0-9._~+/-]+=*)$/i
const beginning = /^(?:Bearer|DPoP) /i

/**
 * The value of the one `Authorization` header among a request's raw headers: Node's own `headers` would hide the second of two.
 * @throws {AccessTokenError} `request-ambiguous` with several
 */
export function authorizationOf(rawHeaders: readonly string[]): string {
  let found: string | undefined
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index] as string
    if (name.length !== 13 || name.toLowerCase() !== 'authorization') continue
    if (found !== undefined)
      throw new AccessTokenError('request-ambiguous', 'The request has several Authorization headers')
    found = rawHeaders[index + 1] as string
  }
  return found ?? ''
}

/**
 * The credentials of an `Authorization` header (RFC 6750 §2.1, RFC 9449 §7.1), with the proofs that came beside it. A token anywhere else does
 * not count.
 * @throws {AccessTokenError} `token-missing` without credentials of these schemes, `token-malformed` with broken ones
 */
export function readCredentials(authorization: string, rawHeaders: readonly string[]): Credentials {
  const [, scheme, token] = pattern.exec(authorization) ?? []
  if (scheme && token) {
    return scheme.toLowerCase() === 'bearer'
      ? { scheme: 'Bearer', token, proofs: [] }
      : { scheme: 'DPoP', token, proofs: valuesOf(rawHeaders, 'dpop') }
  }
  if (beginning.test(authorization))
    throw new AccessTokenError('token-malformed', 'The Authorization header is not one token')
  throw new AccessTokenError('token-missing', 'The request has no access token')
}

function valuesOf(rawHeaders: readonly string[], name: string): string[] {
  const values: string[] = []
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const header = rawHeaders[index] as string
    if (header.length === name.length && header.toLowerCase() === name)
      values.push(rawHeaders[index + 1] as string)
  }
  return values
}

/** The scheme that a request presents its token by; `undefined` where it presents none. */
export function schemeOf(rawHeaders: readonly string[]): Scheme | undefined {
  const scheme = /^(?:(Bearer)|DPoP) /i.exec(valuesOf(rawHeaders, 'authorization')[0] ?? '')
  return scheme ? (scheme[1] ? 'Bearer' : 'DPoP') : undefined
}
