import type { Destination } from '#src/clusters/destination.ts'
import { valuesOf } from '#src/edge/header-names.ts'
import type { AffinityConfiguration } from './affinity-configuration.ts'
import { cookieValues, writeCookie } from './cookie.ts'
import { createKeys } from './keys.ts'

/** Keeps clients with the destination that they had. */
export type Affinity = {
  /**
   * The destination that a request names.
   * @returns `undefined` where it names none, `'lost'` where it names one that is not there or none of ours made
   */
  find(rawHeaders: readonly string[]): Destination | 'lost' | undefined
  /** The header that ties a client to a destination, as name and value. */
  tie(destination: Destination, isSecure: boolean, now: number): readonly [name: string, value: string]
}

/** Makes what a cluster's `SessionAffinity` asks for (GW-20). `secret`: 32 bytes that all gateways share. */
export function createAffinity(
  { policy, keyName, cookie }: AffinityConfiguration,
  destinations: readonly Destination[],
  secret: Uint8Array,
): Affinity {
  const keys = createKeys(policy, destinations, secret)
  const inHeader = policy === 'CustomHeader'
  const headerName = keyName.toLowerCase()
  return {
    find(rawHeaders) {
      const values = inHeader ? valuesOf(rawHeaders, headerName) : cookieValues(rawHeaders, keyName)
      if (values.length === 0) return undefined
      // More than one can only come from somebody who plays: none of them counts.
      return (values.length === 1 && keys.destinationOf(values[0] as string)) || 'lost'
    },
    tie(destination, isSecure, now) {
      const key = keys.keyOf(destination)
      return inHeader
        ? [headerName, key]
        : ['set-cookie', writeCookie({ name: keyName, value: key, cookie, isSecure, now })]
    },
  }
}
