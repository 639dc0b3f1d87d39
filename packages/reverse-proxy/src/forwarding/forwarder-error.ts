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

/** The client sends its body more slowly than it must. */
export class BodyTooSlow extends Error {
  override readonly name = 'BodyTooSlow'
  readonly code = 'body-too-slow'
}

const timeouts = new Set(['UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT', 'exchange-timeout'])

/** Names an error by what was under way. */
export function nameError(error: Error, headersCame: boolean): ForwarderErrorName {
  const { code = '' } = error as { code?: string }
  if (code === 'client-gone') return headersCame ? 'ResponseBodyCanceled' : 'RequestCanceled'
  if (code === 'body-too-large' || code === 'body-too-slow') return 'RequestBodyClient'
  if (headersCame) return 'ResponseBodyDestination'
  if (timeouts.has(code)) return 'RequestTimedOut'
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
