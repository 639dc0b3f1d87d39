/** How forwarding fails, in YARP's words, stage and side, and the last two in ours. */
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
  'NoAvailableDestinations',
  'CircuitOpen',
  'ConcurrencyLimit',
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

/** The destination's answer is not well formed, or could be read in two ways. */
export class BadResponse extends Error {
  override readonly name = 'BadResponse'
  readonly code = 'bad-response'
}

const timeouts = new Set([
  'UND_ERR_HEADERS_TIMEOUT',
  'UND_ERR_BODY_TIMEOUT',
  'exchange-timeout',
  'attempt-timeout',
])

/** Names an error by what was under way. */
export function nameError(error: Error, headersCame: boolean): ForwarderErrorName {
  const { code = '' } = error as { code?: string }
  if (code === 'client-gone' || code === 'not-wanted')
    return headersCame ? 'ResponseBodyCanceled' : 'RequestCanceled'
  if (code === 'body-too-large' || code === 'body-too-slow') return 'RequestBodyClient'
  if (headersCame) return 'ResponseBodyDestination'
  if (timeouts.has(code)) return 'RequestTimedOut'
  if (code === 'bad-response') return 'ResponseHeaders'
  return code.startsWith('HPE_') || error.name === 'HTTPParserError' ? 'ResponseHeaders' : 'Request'
}

/** Whether the destination is to blame: what passive health counts. */
export function blamesDestination(name: ForwarderErrorName): boolean {
  return (
    name === 'Request' ||
    name === 'RequestTimedOut' ||
    name === 'ResponseBodyDestination' ||
    name === 'ResponseHeaders'
  )
}
