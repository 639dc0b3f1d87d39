import type { AffinityConfiguration, AffinityCookie } from '#src/clusters/affinity/affinity-configuration.ts'
import type { Section } from './section.ts'

const policies = ['HashCookie', 'ArrCookie', 'Cookie', 'CustomHeader'] as const
const token = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/

/** Reads `SessionAffinity`; `undefined` where it is not enabled. */
export function readAffinity(section: Section | undefined): AffinityConfiguration | undefined {
  if (!section) return undefined
  const isEnabled = section.boolean('Enabled', false)
  const policy = section.choice('Policy', policies, 'HashCookie')
  const failurePolicy = section.choice('FailurePolicy', ['Redistribute', 'Return503Error'], 'Redistribute')
  section.requires('AffinityKeyName', 'Write such as .affinity')
  const keyName = section.text('AffinityKeyName', '')
  if (keyName && !token.test(keyName))
    section.fault('AffinityKeyName', 'is no name of a cookie or header', 'Write such as .affinity')
  const cookie = readCookie(section.sectionOrEmpty('Cookie'))
  section.end()
  return isEnabled ? { policy, failurePolicy, keyName, cookie } : undefined
}

function readCookie(section: Section): AffinityCookie {
  const attribute = (key: string, fallback?: string) => {
    const value = section.text(key, fallback)
    if (value && /[^\x20-\x7e]|;/.test(value)) section.fault(key, 'has letters it cannot have', 'Remove them')
    return value || fallback
  }
  const cookie: AffinityCookie = {
    ...{ domain: attribute('Domain'), path: attribute('Path', '/') ?? '/' },
    expirationMilliseconds: section.timeSpan('Expiration'),
    maxAgeMilliseconds: section.timeSpan('MaxAge'),
    httpOnly: section.boolean('HttpOnly', true),
    sameSite: section.choice('SameSite', ['Unspecified', 'Lax', 'None', 'Strict'], 'Unspecified'),
    securePolicy: section.choice('SecurePolicy', ['None', 'Always', 'SameAsRequest'], 'None'),
  }
  // Whether a cookie is essential asks nobody here: nothing waits for a consent.
  section.ignore('IsEssential')
  section.end()
  return cookie
}
