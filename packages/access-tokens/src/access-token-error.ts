/** Why an access token was not accepted. Clients are told less: see {@link wwwAuthenticate}. */
export type AccessTokenErrorCode =
  | 'token-missing'
  | 'token-malformed'
  | 'token-type'
  | 'token-algorithm'
  | 'token-key'
  | 'token-signature'
  | 'token-issuer'
  | 'token-audience'
  | 'token-expired'
  | 'token-not-yet-valid'
  | 'token-bound'
  | 'token-unbound'
  | 'token-revoked'
  | 'proof-missing'
  | 'proof-invalid'
  | 'proof-used'
  | 'proofs-unknown'
  | 'request-ambiguous'
  | 'keys-unavailable'
  | 'revocations-unknown'

const unknown: AccessTokenErrorCode[] = ['keys-unavailable', 'revocations-unknown', 'proofs-unknown']

/** An access token was not accepted. The message never holds any part of the token, so that it may be logged. */
export class AccessTokenError extends Error {
  override readonly name = 'AccessTokenError'
  readonly code: AccessTokenErrorCode

  constructor(code: AccessTokenErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }

  /** The HTTP status of the refusal: 401; 400 for two credentials at once; 503 while it cannot be known. */
  get status(): 400 | 401 | 503 {
    if (this.code === 'request-ambiguous') return 400
    return unknown.includes(this.code) ? 503 : 401
  }
}
