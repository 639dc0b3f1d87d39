import { valuesOf } from '#src/edge/header-names.ts'

/** The names in an answer's `Vary`, in lower case and in order; `any` = no other request may be given it (RFC 9111 §4.1). */
export function varyNames(headers: readonly string[]): readonly string[] | 'any' {
  const names = valuesOf(headers, 'vary')
    .flatMap((line) => line.split(','))
    .map((name) => name.trim().toLowerCase())
    .filter(Boolean)
  // The host is part of every key, and ours for the service is another for each destination.
  return names.includes('*') ? 'any' : [...new Set(names)].filter((name) => name !== 'host').sort()
}

/** What requests that get the same variant have in common. `headers`: as they are forwarded. */
export function variantKey(names: readonly string[], headers: readonly string[]): string {
  if (names.length === 0) return ''
  return JSON.stringify(
    names.map((name) => [name, ...valuesOf(headers, name).map((value) => value.replace(/\s+/g, ' ').trim())]),
  )
}

/** The headers that tell answers apart: those that the service names, and those of the policy. */
export function toldApartBy(headers: readonly string[], varyByHeaders: readonly string[]): readonly string[] {
  const names = varyNames(headers)
  return [...new Set([...varyByHeaders, ...(names === 'any' ? [] : names)])].sort()
}
