import { capturedLog, createTestIssuer, fakeClock } from '@alicerce/testing'
import { afterEach } from 'vitest'
import {
  createAuthenticator,
  createInProcessRevocationFeed,
  createInProcessUsedProofs,
  createKeySet,
  createRevocationList,
  createTokenValidator,
} from '#src/index.ts'

const closing: (() => unknown)[] = []

/** Closes it when the test ends. */
export function after(close: () => unknown): void {
  closing.push(close)
}

afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

/** An issuer and a resource server that trusts it, on a clock that stands still. */
export async function setUp({ algorithm = 'ES256' as 'ES256' | 'RS256', started = true } = {}) {
  const clock = fakeClock()
  const log = capturedLog()
  const issuer = await createTestIssuer({ algorithm, clock })
  after(() => issuer.close())
  const keySet = createKeySet({ url: issuer.jwksUri, clock, log, retryMilliseconds: 20 })
  after(() => keySet.close())
  if (started) await keySet.start()
  const audience = 'urn:alicerce:api'
  const validator = createTokenValidator({ issuer: issuer.issuer, audience, keySet, clock })
  const feed = createInProcessRevocationFeed({ clock })
  const revocations = createRevocationList({ feed, clock })
  await revocations.start()
  const usedProofs = createInProcessUsedProofs({ clock })
  const parts = {
    validator,
    revocations,
    usedProofs,
    clock,
    name: 'api',
    baseUrl: 'https://shop.example/api',
  }
  const authenticator = createAuthenticator(parts)
  const authenticate = (authorization: string, { method = 'GET', url = '/', proof = '' } = {}) =>
    authenticator.authenticate({
      ...{ method, url },
      rawHeaders: ['Authorization', authorization, ...(proof ? ['DPoP', proof] : [])],
    })
  const now = () => Math.floor(clock.now() / 1000)
  return { clock, log, issuer, keySet, validator, feed, parts, authenticate, now }
}

/** The code with which something was refused; `accepted` where it was not. */
export async function outcome(attempt: () => unknown): Promise<unknown> {
  try {
    await attempt()
    return 'accepted'
  } catch (error) {
    return (error as { code?: unknown }).code ?? error
  }
}
