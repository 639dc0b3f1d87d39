import { isIP } from 'node:net'
import type { DestinationConfiguration } from '#src/configuration/proxy-configuration.ts'
import type { ResolvedAddress } from './destination-resolver.ts'

/** The name of a destination's address; `undefined` where it is an IP address, which leads nowhere else. */
export function nameOf({ origin }: DestinationConfiguration): string | undefined {
  const { hostname } = new URL(origin)
  return isIP(hostname.replace(/^\[|\]$/g, '')) === 0 ? hostname : undefined
}

/**
 * The destinations that one with a name stands for, named as YARP names them: `d1[10.0.0.7]`. They keep its path, its `Host` and the name that
 * its certificate is for.
 */
export function resolveDestination(
  destination: DestinationConfiguration,
  addresses: readonly ResolvedAddress[],
): DestinationConfiguration[] {
  const { id, origin, health, host } = destination
  const own = new URL(origin)
  const probed = new URL(health)
  return addresses.map(({ address, port }) => {
    const urlHost = isIP(address) === 6 ? `[${address}]` : address
    const at = (url: URL) => {
      const moved = new URL(url)
      moved.hostname = urlHost
      // A probe at another port stays there.
      if (port !== undefined && url.host === own.host) moved.port = String(port)
      return moved
    }
    const healthUrl = probed.hostname === own.hostname ? at(probed) : probed
    return {
      ...destination,
      id: `${id}[${port === undefined ? address : `${urlHost}:${port}`}]`,
      origin: at(own).origin,
      health: healthUrl.origin + healthUrl.pathname.replace(/\/$/, ''),
      serverName: nameIn(host) ?? own.hostname,
    }
  })
}

/** The host of an authority, where that is a name. */
function nameIn(authority: string): string | undefined {
  const name = authority.replace(/:\d*$/, '')
  return isIP(name.replace(/^\[|\]$/g, '')) === 0 ? name : undefined
}
