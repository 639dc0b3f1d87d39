/** Why a token was refused. Clients are told `invalid_token` for all but the first and the last. */
export type AccessTokenErrorCode =
  | 'token-missing'
  | 'request-malformed'
  | 'token-malformed'
  | 'token-type'
  | 'token-algorithm'
  | 'token-signature'
  | 'token-issuer'
  | 'token-audience'
  | 'token-expired'
  | 'token-not-yet-valid'
  | 'token-claims'
  | 'token-revoked'
  | 'keys-unavailable'

/** A request has no usable access token. The message never holds the token. */
export class AccessTokenError extends Error {
  override readonly name = 'AccessTokenError'
  readonly code: AccessTokenErrorCode
  constructor(code: AccessTokenErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}
