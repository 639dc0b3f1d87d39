type Json = Record<string, unknown>

/**
 * Lays environment variables of .NET's form over a configuration: `ReverseProxy__Clusters__orders__Destinations__1__Address=http://…`
 * sets that one value, `__` between the keys, keys without regard to case, numbers counting in lists. Gives a new object.
 */
export function overlayEnvironment(
  configuration: Json,
  env: Readonly<Record<string, string | undefined>>,
): Json {
  const result = structuredClone(configuration)
  for (const [name, value] of Object.entries(env)) {
    const keys = name.split('__')
    if (value !== undefined && keys.length > 1 && keys[0]?.toLowerCase() === 'reverseproxy')
      set(result, keys, value)
  }
  return result
}

function set(target: Json, [key = '', ...rest]: string[], value: string): void {
  const own = Object.keys(target).find((candidate) => candidate.toLowerCase() === key.toLowerCase()) ?? key
  const held = Object.hasOwn(target, own) ? target[own] : undefined
  const isInList = rest.length > 0 && /^\d+$/.test(rest[0] as string)
  const next = typeof held === 'object' && held !== null ? held : isInList ? [] : {}
  const member = rest.length === 0 ? value : next
  Object.defineProperty(target, own, { value: member, writable: true, enumerable: true, configurable: true })
  if (rest.length > 0) set(next as Json, rest, value)
}
