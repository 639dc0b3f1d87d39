import { createPrivateKey, createPublicKey, type KeyObject, sign } from 'node:crypto'
import type { JWK } from 'jose'
import { ExternalSigningKey } from 'oidc-provider'

/** How long each of the two numbers of a signature is on P-256. Bytes. */
const numberBytes = 32

/**
 * A private ES256 key that signs at once, where it stands. The provider signs by WebCrypto, which takes each signature to another thread and back and
 * works the key out anew for its form: three times the CPU time for the same signature.
 */
export class Es256Key extends ExternalSigningKey {
  readonly #private: KeyObject
  readonly #public: KeyObject

  /** @param jwk the private key, with its `kid` */
  constructor(jwk: JWK) {
    super()
    this.#private = createPrivateKey({ key: { ...jwk }, format: 'jwk' })
    this.#public = createPublicKey(this.#private)
    Object.assign(this, { kid: jwk.kid, alg: 'ES256' })
  }

  override keyObject(): KeyObject {
    return this.#public
  }

  override sign(data: Buffer): Buffer {
    return joseForm(sign('sha256', data, this.#private))
  }
}

/** From DER, in which OpenSSL signs, to the two numbers side by side (RFC 7518 §3.4). Node's own way from one to the other takes longer than the signature. */
function joseForm(der: Buffer): Buffer {
  const form = Buffer.alloc(2 * numberBytes)
  // SEQUENCE { INTEGER r, INTEGER s }, shorter than 128 bytes: each length is one byte.
  const rAt = 4
  const sAt = rAt + (der[rAt - 1] as number) + 2
  place(der.subarray(rAt, sAt - 2), form, numberBytes)
  place(der.subarray(sAt, sAt + (der[sAt - 1] as number)), form, 2 * numberBytes)
  return form
}

/** A number of DER has no leading zeros, but one where it would read as negative. */
function place(number: Buffer, form: Buffer, end: number): void {
  const digits = number.length > numberBytes ? number.subarray(number.length - numberBytes) : number
  digits.copy(form, end - digits.length)
}
