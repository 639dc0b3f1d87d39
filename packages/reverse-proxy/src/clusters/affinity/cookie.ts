import { valuesOf } from '#src/edge/header-names.ts'
import type { AffinityCookie } from './affinity-configuration.ts'

/** All values of one cookie. Its name counts with its case (RFC 6265 §5.4). */
export const cookieValues = (rawHeaders: readonly string[], name: string): string[] =>
  valuesOf(rawHeaders, 'cookie')
    .flatMap((line) => line.split(';'))
    .map((pair) => pair.trim())
    .filter((pair) => pair.startsWith(`${name}=`))
    .map((pair) => pair.slice(name.length + 1))

/** Writes `Set-Cookie` (RFC 6265 §4.1). `now`: milliseconds since 1970. */
export function writeCookie({
  name,
  value,
  cookie,
  isSecure,
  now,
}: {
  name: string
  value: string
  cookie: AffinityCookie
  isSecure: boolean
  now: number
}): string {
  const { domain, path, expirationMilliseconds, maxAgeMilliseconds, httpOnly, sameSite, securePolicy } =
    cookie
  const expires = expirationMilliseconds && new Date(now + expirationMilliseconds).toUTCString()
  const secure = securePolicy === 'Always' || (securePolicy === 'SameAsRequest' && isSecure)
  const attributes = [
    ...[`${name}=${value}`, domain && `Domain=${domain}`, `Path=${path}`, expires && `Expires=${expires}`],
    maxAgeMilliseconds && `Max-Age=${Math.floor(maxAgeMilliseconds / 1000)}`,
    ...[secure && 'Secure', httpOnly && 'HttpOnly', sameSite !== 'Unspecified' && `SameSite=${sameSite}`],
  ]
  return attributes.filter(Boolean).join('; ')
}
