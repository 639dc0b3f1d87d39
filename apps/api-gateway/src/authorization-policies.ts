import type { Policy } from '@alicerce/access-tokens'
import type { Section } from '@alicerce/reverse-proxy'

/** Who may pass, and whether what was let in once ends with its token. */
export type AuthorizationPolicy = Policy & { readonly streamsOutliveToken?: boolean }

/** Reads one of `Policies.Authorization`. Faults are noted in the section. */
export function readAuthorizationPolicy(name: string, section: Section): AuthorizationPolicy {
  if (/^(?:default|anonymous)$/i.test(name)) section.fault('', 'is a reserved name', 'Rename it')
  const scopes = readNames(section, 'Scopes')
  const roles = readNames(section, 'Roles')
  const user = section.boolean('User')
  const maximumAge = section.whole('MaximumAuthenticationAgeSeconds', { least: 0 })
  const acrValues = readNames(section, 'AcrValues')
  const proof = section.choice('DPoP', ['Accepted', 'Required', 'Refused'], 'Accepted')
  const atTokenEnd = section.choice('AtTokenEnd', ['CloseStreams', 'KeepStreams'], 'CloseStreams')
  section.end()
  return {
    ...(scopes && { scopes }),
    ...(roles && { roles }),
    ...(user !== undefined && { user }),
    ...(maximumAge !== undefined && { maximumAuthenticationAgeSeconds: maximumAge }),
    ...(acrValues && { acrValues }),
    ...(proof === 'Required' && { proof: 'required' }),
    ...(proof === 'Refused' && { proof: 'refused' }),
    ...(atTokenEnd === 'KeepStreams' && { streamsOutliveToken: true }),
  }
}

function readNames(section: Section, key: string): string[] | undefined {
  const names = section.texts(key)
  if (names?.includes('')) section.fault(key, 'has an empty one', 'Remove it')
  return names && [...names]
}

/** What its keys mean, for the schema and the reference. */
export const authorizationPolicyKeys = {
  'Policies.Authorization.*.Scopes': 'The token must have all of these scopes.',
  'Policies.Authorization.*.Roles': 'Who comes must have one of these roles.',
  'Policies.Authorization.*.User': 'Whether a person must come, and not a program by itself.',
  'Policies.Authorization.*.MaximumAuthenticationAgeSeconds':
    'How many seconds ago the person may have signed in; after that he is asked to sign in once more.',
  'Policies.Authorization.*.AcrValues': 'The person must have signed in in one of these ways (acr).',
  'Policies.Authorization.*.AtTokenEnd':
    'What becomes of WebSockets, other upgrades, event streams and gRPC calls that are open when their access token expires or is revoked: CloseStreams ends them within a second (a WebSocket is told 1008), KeepStreams lets them go on.',
  'Policies.Authorization.*.DPoP':
    'Whether the token must be bound to a key that its sender proves (RFC 9449): Required takes no other, Refused takes none that is, Accepted takes both. A bound token never passes without its proof.',
}
