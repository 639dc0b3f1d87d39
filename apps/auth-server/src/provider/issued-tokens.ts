import type { Database } from '@alicerce/database'
import type { Clock } from '@alicerce/service-kit'
import { createLocalJWKSet, type JWK, type JWTPayload, errors as joseErrors, jwtVerify } from 'jose'
import type { Tables } from '#src/schema.ts'

/** The claims of an access token that we issued, and that is good still. */
export type IssuedToken = JWTPayload & {
  sub: string
  client_id: string
  jti: string
  iat: number
  exp: number
  aud: string | string[]
  scope?: string
  gid?: string
  sid?: string
}

/** Reads access tokens of our own; `undefined` for those of others, for expired and for revoked ones. */
export type IssuedTokens = { read(token: string): Promise<IssuedToken | undefined> }

/** Access tokens are JWTs, which nobody stores: what they are worth is in their signature and in the table of revocations (F-09). */
export function createIssuedTokens(parts: {
  issuer: string
  database: Database<Tables>
  clock: Clock
  keys: readonly JWK[]
}): IssuedTokens {
  const { issuer, database, clock } = parts
  const keys = createLocalJWKSet({ keys: parts.keys.map(publicPart) })

  async function isRevoked({ sub, jti, gid, sid, iat }: IssuedToken): Promise<boolean> {
    const named = { subject: sub, token: jti, grant: gid, session: sid }
    const pairs = Object.entries(named).filter((pair): pair is [string, string] => pair[1] !== undefined)
    const row = await database.query
      .selectFrom('revocation')
      .select('kind')
      .where((is) => is.or(pairs.map(([kind, value]) => is.and({ kind, value }))))
      .where('issued_before', '>=', iat)
      .executeTakeFirst()
    return row !== undefined
  }

  return {
    async read(token) {
      try {
        const options = { issuer, typ: 'at+jwt', currentDate: new Date(clock.now()) }
        const { payload } = await jwtVerify<IssuedToken>(token, keys, options)
        return (await isRevoked(payload)) ? undefined : payload
      } catch (error) {
        if (error instanceof joseErrors.JOSEError) return undefined
        throw error
      }
    },
  }
}

/** A key without its private part. */
export const publicPart = ({ d: _d, p: _p, q: _q, dp: _dp, dq: _dq, qi: _qi, ...published }: JWK): JWK =>
  published
