import { type ReadOptions, readSections } from '#src/configuration/read-proxy-configuration.ts'
import { clusterKeys } from './descriptions/cluster-keys.ts'
import { limitKeys } from './descriptions/limit-keys.ts'
import { listenerKeys } from './descriptions/listener-keys.ts'
import { policyKeys } from './descriptions/policy-keys.ts'
import { routeKeys } from './descriptions/route-keys.ts'
import { transformKeys } from './descriptions/transform-keys.ts'
import { listKeys, type PathedKey } from './recorded-keys.ts'
import { recordKeys } from './recorded-section.ts'
import { type KeyReference, referenceOf } from './reference.ts'
import { type JsonSchema, sectionSchema } from './to-json-schema.ts'

/** What there is to say of a configuration. */
export type ConfigurationDescription = {
  /** Of the `ReverseProxy` section. */
  readonly schema: JsonSchema
  /** Every key, in the order of the descriptions. */
  readonly keys: readonly KeyReference[]
}

const engineKeys = {
  ...routeKeys,
  ...transformKeys,
  ...clusterKeys,
  ...policyKeys,
  ...limitKeys,
  ...listenerKeys,
}

/**
 * Describes the configuration that `readProxyConfiguration` reads with the same options: its very readers are asked, so that neither schema nor
 * reference can say something else than they do.
 * @param descriptions of the keys that the app reads itself, by their paths
 * @throws {TypeError} when a key has no description, or a description has no key
 */
export function describeConfiguration(
  options: ReadOptions,
  descriptions: Readonly<Record<string, string>> = {},
): ConfigurationDescription {
  const all = new Map(Object.entries({ ...engineKeys, ...descriptions }))
  const recorded = recordKeys((root) => readSections(root, options))
  const keys = inOrderOf([...all.keys()], listKeys(recorded))
  const paths = new Set(keys.map(({ path }) => path))
  const missing = [...paths].filter((path) => !all.has(path))
  const left = [...all.keys()].filter((path) => !paths.has(path))
  if (missing.length > 0) throw new TypeError(`These keys have no description: ${missing.join(', ')}`)
  if (left.length > 0) throw new TypeError(`These descriptions have no key: ${left.join(', ')}`)
  const describe = (path: string) => all.get(path) as string
  return {
    schema: sectionSchema(recorded, '', describe),
    keys: keys.map((key) => referenceOf(key, describe(key.path))),
  }
}

/** Readers ask in the order that suits them, the descriptions are in the one that suits people. What is within a key follows it. */
function inOrderOf(paths: readonly string[], keys: readonly PathedKey[]): PathedKey[] {
  const placesOf = (path: string) =>
    paths.flatMap((one, index) =>
      path === one || (path.startsWith(one) && /^[.[]/.test(path.slice(one.length))) ? index : [],
    )
  const placed = keys.map((key) => ({ key, places: placesOf(key.path) }))
  return placed.sort((one, other) => comparePlaces(one.places, other.places)).map(({ key }) => key)
}

function comparePlaces(one: readonly number[], other: readonly number[]): number {
  const at = one.findIndex((place, index) => place !== other[index])
  return at === -1 ? one.length - other.length : (one[at] as number) - (other[at] ?? -1)
}
