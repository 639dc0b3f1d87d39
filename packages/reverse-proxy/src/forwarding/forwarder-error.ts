/** How forwarding failed, in YARP's words: stage and side. */
export type ForwarderErrorName =
  | 'None'
  | 'Request'
  | 'RequestTimedOut'
  | 'RequestCanceled'
  | 'RequestBodyClient'
  | 'ResponseHeaders'
  | 'ResponseBodyCanceled'
  | 'ResponseBodyDestination'
  | 'UpgradeRequestDestination'
  | 'NoAvailableDestinations'
  | 'RequestCreation'

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

/** The body grew over its limit while it was sent. */
export class BodyTooLarge extends Error {
  override readonly name = 'BodyTooLarge'
  readonly code = 'body-too-large'
}

/** Codes that say alone what failed, whatever had come before. */
const namesOfCodes: Readonly<Record<string, ForwarderErrorName>> = {
  'body-too-large': 'RequestBodyClient',
  'request-body-failed': 'RequestBodyClient',
  'request-body-stalled': 'RequestBodyClient',
  'request-malformed': 'RequestCreation',
  'response-body-stalled': 'ResponseBodyCanceled',
  'upstream-queue-full': 'NoAvailableDestinations',
  'upstream-queue-timeout': 'NoAvailableDestinations',
  'forwarder-closed': 'NoAvailableDestinations',
}

const timeouts: ReadonlySet<string> = new Set([
  ...['UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT', 'exchange-timeout'],
  ...['upstream-connect-timeout', 'upstream-activity-timeout'],
])

/** Names an error by what was under way. */
export function nameError(error: Error, headersCame: boolean): ForwarderErrorName {
  const { code = '' } = error as { code?: string }
  if (code === 'client-gone') return headersCame ? 'ResponseBodyCanceled' : 'RequestCanceled'
  const name = namesOfCodes[code]
  if (name) return name
  if (headersCame) return 'ResponseBodyDestination'
  if (timeouts.has(code)) return 'RequestTimedOut'
  const isMalformed = code === 'upstream-response-malformed' || code.startsWith('HPE_')
  return isMalformed || error.name === 'HTTPParserError' ? 'ResponseHeaders' : 'Request'
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
