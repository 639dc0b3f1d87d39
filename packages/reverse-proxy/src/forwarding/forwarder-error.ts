/** How forwarding fails, in YARP's words, stage and side, and the last three in ours. */
export const forwarderErrorNames = [
  'None',
  'Request',
  'RequestTimedOut',
  'RequestCanceled',
  'RequestBodyClient',
  'ResponseHeaders',
  'ResponseBodyCanceled',
  'ResponseBodyDestination',
  'UpgradeRequestDestination',
  'UpgradeActivityTimeout',
  'NoAvailableDestinations',
  'RequestCreation',
  'CircuitOpen',
  'ConcurrencyLimit',
  'AuthorizationEnded',
] as const

/** How forwarding failed. */
export type ForwarderErrorName = (typeof forwarderErrorNames)[number]

/** The client left: the upstream is told. */
export class ClientGone extends Error {
  override readonly name = 'ClientGone'
  readonly code = 'client-gone'
}

/** The route's `Timeout` is over. */
export class ExchangeTimeout extends Error {
  override readonly name = 'ExchangeTimeout'
  readonly code = 'exchange-timeout'
}

/** One attempt took longer than it may; another one may follow. */
export class AttemptTimeout extends Error {
  override readonly name = 'AttemptTimeout'
  readonly code = 'attempt-timeout'
}

/** Another answer is taken, or this one is too long to be dropped in peace. */
export class NotWanted extends Error {
  override readonly name = 'NotWanted'
  readonly code = 'not-wanted'
}

/** What the client was let in by holds no longer. */
export class AuthorizationEnded extends Error {
  override readonly name = 'AuthorizationEnded'
  readonly code = 'authorization-ended'
}

/** The body grew over its limit while it was sent. */
export class BodyTooLarge extends Error {
  override readonly name = 'BodyTooLarge'
  readonly code = 'body-too-large'
}

/** The client sends its body more slowly than it must. */
export class BodyTooSlow extends Error {
  override readonly name = 'BodyTooSlow'
  readonly code = 'body-too-slow'
}

/** Codes that say alone what failed, whatever had come before. */
const namesOfCodes: Readonly<Record<string, ForwarderErrorName>> = {
  'authorization-ended': 'AuthorizationEnded',
  'body-too-large': 'RequestBodyClient',
  'body-too-slow': 'RequestBodyClient',
  'request-body-failed': 'RequestBodyClient',
  'request-body-stalled': 'RequestBodyClient',
  'request-malformed': 'RequestCreation',
  'web-socket-key-missing': 'RequestCreation',
  'response-body-stalled': 'ResponseBodyCanceled',
  'upstream-queue-full': 'NoAvailableDestinations',
  'upstream-queue-timeout': 'NoAvailableDestinations',
  'forwarder-closed': 'NoAvailableDestinations',
}

const timeouts: ReadonlySet<string> = new Set([
  ...['UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT', 'exchange-timeout', 'attempt-timeout'],
  ...['upstream-connect-timeout', 'upstream-activity-timeout'],
])

/** Names an error by what was under way. */
export function nameError(error: Error, headersCame: boolean): ForwarderErrorName {
  const { code = '' } = error as { code?: string }
  if (code === 'client-gone' || code === 'not-wanted')
    return headersCame ? 'ResponseBodyCanceled' : 'RequestCanceled'
  const name = namesOfCodes[code]
  if (name) return name
  if (headersCame) return 'ResponseBodyDestination'
  if (timeouts.has(code)) return 'RequestTimedOut'
  const isMalformed = code === 'upstream-response-malformed' || code.startsWith('HPE_')
  return isMalformed || error.name === 'HTTPParserError' ? 'ResponseHeaders' : 'Request'
}

const unsent: ReadonlySet<string> = new Set([
  ...['ECONNREFUSED', 'EHOSTUNREACH', 'ENETUNREACH', 'ENOTFOUND', 'EAI_AGAIN'],
  ...['UND_ERR_CONNECT_TIMEOUT', 'upstream-connect-timeout'],
])

/** Whether there was no connection, so that nothing of the request can have arrived. */
export const isUnsent = ({ code = '' }: Error & { code?: string }): boolean => unsent.has(code)

/** Whether the destination is to blame: what passive health counts. */
export function blamesDestination(name: ForwarderErrorName): boolean {
  return (
    name === 'Request' ||
    name === 'RequestTimedOut' ||
    name === 'ResponseBodyDestination' ||
    name === 'ResponseHeaders'
  )
}
