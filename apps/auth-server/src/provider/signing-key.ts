import { createPrivateKey, createPublicKey, type JsonWebKey, type KeyObject, sign } from 'node:crypto'
import type { JWK } from 'jose'
import { ExternalSigningKey } from 'oidc-provider'

/**
 * A signing key as the provider gets it. One on an elliptic curve signs at once: that takes less time than to hand the work to one of Node's
 * threads, which are busy with passwords besides. RSA takes ten times as long, and stays with the threads.
 */
export function signingKeyOf(key: JWK): JWK | ExternalSigningKey {
  return key.kty === 'EC' ? new SigningKey(key) : key
}

class SigningKey extends ExternalSigningKey {
  readonly #key: KeyObject
  readonly #public: KeyObject

  constructor(key: JWK) {
    super()
    this.#key = createPrivateKey({ key: key as JsonWebKey, format: 'jwk' })
    this.#public = createPublicKey(this.#key)
    Object.assign(this, { kid: key.kid, alg: key.alg })
  }

  override keyObject(): KeyObject {
    return this.#public
  }

  /** ECDSA as JWS writes it (RFC 7518 §3.4). */
  override sign(data: Uint8Array): Uint8Array {
    return sign('sha256', data, { key: this.#key, dsaEncoding: 'ieee-p1363' })
  }
}
