/** Headers that belong to one hop and are never passed on, in either direction: the list of YARP (and RFC 9110 §7.6.1). */
export const hopByHop: ReadonlySet<string> = new Set([
  ...['connection', 'transfer-encoding', 'keep-alive', 'upgrade', 'proxy-connection', 'proxy-authenticate'],
  ...['proxy-authentication-info', 'proxy-authorization', 'proxy-features', 'proxy-instruction'],
  ...[
    'security-scheme',
    'alpn',
    'close',
    'http2-settings',
    'upgrade-insecure-requests',
    'te',
    'trailer',
    'alt-svc',
  ],
])

/** Headers by which services are told, by somebody, who calls or what is asked. A client may never say it. */
const reservedNames: ReadonlySet<string> = new Set([
  ...[
    'x-user',
    'x-client',
    'x-roles',
    'x-role',
    'x-scopes',
    'x-scope',
    'x-subject',
    'x-sub',
    'x-email',
    'x-groups',
  ],
  ...[
    'remote-user',
    'x-remote-user',
    'x-authenticated-user',
    'x-real-ip',
    'true-client-ip',
    'cf-connecting-ip',
  ],
  ...['x-original-url', 'x-rewrite-url', 'x-original-uri', 'x-original-host', 'x-http-method-override'],
  ...['x-http-method', 'x-method-override', 'forwarded'],
])
const reservedPrefixes = [
  ...['x-user-', 'x-client-', 'x-auth-', 'x-authenticated-', 'x-identity-', 'x-remote-', 'x-forwarded-'],
  ...['x-ms-client-principal', 'x-amzn-oidc-', 'x-goog-authenticated-user-', 'x-token-', 'x-jwt-'],
]

/** Names that no `Connection` header may nominate: dropping one would change what was authorized (GW-57). */
const neverNominated: ReadonlySet<string> = new Set([
  ...['host', 'content-length', 'transfer-encoding', 'authorization', 'cookie', 'content-type'],
  ...['traceparent', 'tracestate', 'if-match', 'idempotency-key', 'dpop'],
])

const framing: ReadonlySet<string> = new Set(['host', 'content-length', 'transfer-encoding'])

/** Many servers read `_` as `-` (CGI does): such a twin counts as the name it would become. Expects lower case. */
export const withoutUnderscores = (name: string) => (name.includes('_') ? name.replaceAll('_', '-') : name)

/** Whether a client's header of this name is taken away on every route. Expects lower case. */
export function isReserved(name: string): boolean {
  const plain = withoutUnderscores(name)
  return reservedNames.has(plain) || reservedPrefixes.some((prefix) => plain.startsWith(prefix))
}

export const isFramingTwin = (name: string) => name.includes('_') && framing.has(withoutUnderscores(name))

/** Such a name is not only taken away: nobody sends it but to pass for somebody. */
export const isReservedTwin = (name: string) => name.includes('_') && isReserved(name)

export const mayNotBeNominated = (name: string) => neverNominated.has(name) || isReserved(name)

/** Most messages say no more than this about their connection. */
const plainConnection = /^(?:keep-alive|close)$/i
const nobody: ReadonlySet<string> = new Set()

/** The names that `Connection` headers nominate, in lower case. Expects raw headers. */
export function nominatedNames(rawHeaders: readonly string[]): ReadonlySet<string> {
  let names: Set<string> | undefined
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const header = rawHeaders[index] as string
    if (header.length !== 10 || header.toLowerCase() !== 'connection') continue
    const value = rawHeaders[index + 1] as string
    // Neither is the name of a header that anything passes on.
    if (plainConnection.test(value)) continue
    names ??= new Set()
    for (const name of value.split(',')) names.add(name.trim().toLowerCase())
  }
  names?.delete('')
  return names ?? nobody
}

/** All values of one header in a flat list of names and values. */
export function valuesOf(headers: readonly string[], name: string): string[] {
  const values: string[] = []
  for (let index = 0; index < headers.length; index += 2) {
    const header = headers[index] as string
    if (header.length === name.length && header.toLowerCase() === name)
      values.push(headers[index + 1] as string)
  }
  return values
}

/** The first value of a header in a flat list of names, in lower case, and values: what stands in a value is no name. */
export function fieldOf(headers: readonly string[], name: string): string | undefined {
  for (let index = 0; index < headers.length; index += 2)
    if (headers[index] === name) return headers[index + 1]
  return undefined
}

/** A flat list of names and values without one header; the list itself where it has none. The names are in lower case. */
export function without<List extends readonly string[]>(headers: List, name: string): List | string[] {
  let index = 0
  while (index < headers.length && headers[index] !== name) index += 2
  if (index >= headers.length) return headers
  return headers.filter((_, place) => headers[place - (place % 2)] !== name)
}
