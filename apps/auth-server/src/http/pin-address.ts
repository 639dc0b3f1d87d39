import type { IncomingMessage } from 'node:http'
import type { AuthServerConfig } from '#src/config.ts'

/**
 * The provider makes URLs and cookies from the request's Host and X-Forwarded-*. It shall see the issuer's own address only, whatever a client
 * sends (AS-34), and inside a network too, where services reach it by another name. What is left of the request is the client's address: the
 * last in X-Forwarded-For where a proxy of ours appends it, else the connection's.
 */
export function createAddressPin(config: AuthServerConfig) {
  const { host, protocol } = new URL(config.ISSUER_URL)
  return (request: IncomingMessage): void => {
    const { headers } = request
    const client = clientAddress(config, request)
    headers.host = host
    headers['x-forwarded-host'] = host
    headers['x-forwarded-proto'] = protocol.slice(0, -1)
    delete headers.forwarded
    if (client) headers['x-forwarded-for'] = client
    else delete headers['x-forwarded-for']
  }
}

/** Where a request began, as a proxy of ours tells; undefined where none stands in front. */
export function clientAddress(
  { TRUST_PROXY }: { TRUST_PROXY: boolean },
  { headers }: IncomingMessage,
): string | undefined {
  return TRUST_PROXY ? headers['x-forwarded-for']?.toString().split(',').at(-1)?.trim() : undefined
}
