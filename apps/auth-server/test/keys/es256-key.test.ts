import { verify } from 'node:crypto'
import { calculateJwkThumbprint, compactVerify, exportJWK, generateKeyPair, importJWK } from 'jose'
import { expect, it } from 'vitest'
import { Es256Key } from '#src/keys/es256-key.ts'

async function makeKey() {
  const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true })
  return {
    key: new Es256Key({ ...(await exportJWK(privateKey)), kid: 'the-key' }),
    publicJwk: await exportJWK(publicKey),
  }
}

it('signs as RFC 7518 §3.4 has it, however short the two numbers are', async () => {
  const { key, publicJwk } = await makeKey()
  const publicKey = await importJWK(publicJwk, 'ES256')
  const header = Buffer.from('{"alg":"ES256"}').toString('base64url')
  // One number in 128 has a byte less than the longest: so many signatures hold some that have.
  for (let number = 0; number < 1000; number++) {
    const input = `${header}.${Buffer.from(String(number)).toString('base64url')}`
    const signature = key.sign(Buffer.from(input))
    expect(signature).toHaveLength(64)
    const sound = verify(
      'sha256',
      Buffer.from(input),
      { key: key.keyObject(), dsaEncoding: 'ieee-p1363' },
      signature,
    )
    if (!sound) throw new Error(`Signature ${number} does not fit: ${signature.toString('hex')}`)
    if (number === 0) await compactVerify(`${input}.${signature.toString('base64url')}`, publicKey)
  }
})

it('publishes the public key and its names, and nothing of the private one', async () => {
  const { key, publicJwk } = await makeKey()
  const { kid, alg, use, kty, crv, x, y } = key
  expect({ kid, alg, use }).toEqual({ kid: 'the-key', alg: 'ES256', use: 'sig' })
  expect(await calculateJwkThumbprint({ kty, crv, x, y } as never)).toBe(
    await calculateJwkThumbprint(publicJwk),
  )
  expect(JSON.stringify(key)).not.toContain('"d"')
})
