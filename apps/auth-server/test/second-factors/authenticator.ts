import { createHash, generateKeyPairSync, randomBytes, sign } from 'node:crypto'
import { isoCBOR } from '@simplewebauthn/server/helpers'

/** What an honest authenticator does not do. */
export type Mischief = {
  origin?: string
  rpId?: string
  verified?: boolean
  counter?: number
  handle?: string
}

const sha256 = (data: Uint8Array | string) => createHash('sha256').update(data).digest()
const base64url = (data: Uint8Array | string) => Buffer.from(data).toString('base64url')

/** An authenticator and browser in one (WebAuthn §6), which signs with one ES256 key. */
export function createAuthenticator(issuer: string) {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const { x = '', y = '' } = publicKey.export({ format: 'jwk' })
  const id = randomBytes(32)
  const own = { origin: issuer, rpId: new URL(issuer).hostname, verified: true }
  let counter = 0
  let handle = ''

  function dataOf(
    { rpId, verified, counter: count }: Required<Omit<Mischief, 'handle' | 'origin'>>,
    isNew = false,
  ) {
    const flags = 0x01 | (verified ? 0x04 : 0) | (isNew ? 0x40 : 0)
    const head = Buffer.alloc(5)
    head.writeUInt8(flags, 0)
    head.writeUInt32BE(count, 1)
    return Buffer.concat([sha256(rpId), head])
  }
  const clientData = (type: string, challenge: string, origin: string) =>
    JSON.stringify({ type, challenge, origin, crossOrigin: false })

  return {
    id: base64url(id),
    /** Makes its passkey; `options` are those of the page. */
    create(options: { challenge: string; user: { id: string } }, mischief: Mischief = {}): string {
      const as = { ...own, counter, ...mischief }
      handle = options.user.id
      const key = isoCBOR.encode(
        new Map<number, number | Uint8Array>([
          [1, 2],
          [3, -7],
          [-1, 1],
          [-2, new Uint8Array(Buffer.from(x, 'base64url'))],
          [-3, new Uint8Array(Buffer.from(y, 'base64url'))],
        ]),
      )
      const length = Buffer.from([0, id.length])
      const authData = Buffer.concat([dataOf(as, true), Buffer.alloc(16), length, id, key])
      const attestation = new Map<string, unknown>([
        ['fmt', 'none'],
        ['attStmt', new Map()],
        ['authData', new Uint8Array(authData)],
      ])
      return JSON.stringify({
        id: base64url(id),
        rawId: base64url(id),
        type: 'public-key',
        clientExtensionResults: {},
        response: {
          clientDataJSON: base64url(clientData('webauthn.create', options.challenge, as.origin)),
          attestationObject: base64url(isoCBOR.encode(attestation as never)),
          transports: ['internal'],
        },
      })
    },
    /** Answers a challenge. */
    get(options: { challenge: string }, mischief: Mischief = {}): string {
      counter = mischief.counter ?? counter + 1
      const as = { ...own, handle, ...mischief, counter }
      const authenticatorData = dataOf(as)
      const data = clientData('webauthn.get', options.challenge, as.origin)
      return JSON.stringify({
        id: base64url(id),
        rawId: base64url(id),
        type: 'public-key',
        clientExtensionResults: {},
        response: {
          authenticatorData: base64url(authenticatorData),
          clientDataJSON: base64url(data),
          signature: base64url(sign('sha256', Buffer.concat([authenticatorData, sha256(data)]), privateKey)),
          userHandle: as.handle,
        },
      })
    },
  }
}
