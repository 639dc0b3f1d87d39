import type { CorsPolicy } from '#src/cors/cors-policy.ts'
import type { Section } from './section.ts'

const usualMethods = ['GET', 'HEAD', 'POST']

/** Reads one of `Policies.Cors`: `Origins`, `Methods`, `Headers`, `ExposedHeaders`, `Credentials`, `MaxAge`. */
export function readCorsPolicy(section: Section): CorsPolicy {
  section.requires('Origins', 'List origins such as https://shop.example')
  const origins = section.texts('Origins') ?? []
  const isAny = origins.includes('*')
  if ((section.has('Origins') && origins.length === 0) || (isAny && origins.length > 1))
    section.fault('Origins', 'names none, or * beside others', 'List origins such as https://shop.example')
  for (const origin of origins) {
    if (origin !== '*' && URL.parse(origin)?.origin !== origin.replace(/\/$/, '').toLowerCase())
      section.fault('Origins', `has one that is no origin (${origin})`, 'Write scheme://host[:port]')
  }
  const credentials = section.boolean('Credentials', false)
  // Every site could act as whoever is signed in; browsers refuse it too.
  if (isAny && credentials)
    section.fault('Credentials', 'cannot be true for every origin', 'List the origins that may send them')
  const headers = section.texts('Headers') ?? []
  const maxAge = section.timeSpan('MaxAge')
  const policy: CorsPolicy = {
    origins: isAny ? 'any' : new Set(origins.map((origin) => origin.replace(/\/$/, '').toLowerCase())),
    methods: section.texts('Methods', usualMethods).map((method) => method.toUpperCase()),
    headers: headers.includes('*') ? 'any' : headers.map((name) => name.toLowerCase()),
    exposedHeaders: section.texts('ExposedHeaders') ?? [],
    credentials,
    maxAgeSeconds: maxAge === undefined ? undefined : Math.floor(maxAge / 1000),
  }
  section.end()
  return policy
}
