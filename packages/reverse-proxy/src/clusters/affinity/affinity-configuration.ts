/** How a client stays with the destination it had. */
export type AffinityConfiguration = {
  readonly policy: 'HashCookie' | 'ArrCookie' | 'Cookie' | 'CustomHeader'
  readonly failurePolicy: 'Redistribute' | 'Return503Error'
  /** The name of the cookie or of the header. */
  readonly keyName: string
  readonly cookie: AffinityCookie
}

/** Attributes of the cookie (RFC 6265 §4.1). */
export type AffinityCookie = {
  readonly domain: string | undefined
  readonly path: string
  readonly expirationMilliseconds: number | undefined
  readonly maxAgeMilliseconds: number | undefined
  readonly httpOnly: boolean
  readonly sameSite: 'Unspecified' | 'Lax' | 'None' | 'Strict'
  /** `SameAsRequest`: where the request came by TLS. */
  readonly securePolicy: 'None' | 'Always' | 'SameAsRequest'
}
