import { createHash } from 'node:crypto'
import { entryFormat } from '../entry/entry.ts'

const longestId = 200
/** The beginning of all keys of a namespace. */
export const namespacePrefix = (namespace: string): string => `${named('namespace', namespace)}:`

/** Where the mark of a namespace stands, and those of its tags. No class has such a name. */
export const namespaceMarkKey = (namespace: string): string => `${namespacePrefix(namespace)}#namespace`
export const tagMarkKey = (namespace: string, tag: string): string =>
  `${namespacePrefix(namespace)}#tag:{${boundedId(tag)}}`
/** Where its watermark does. */
export const watermarkKey = (namespace: string): string => `${namespacePrefix(namespace)}#watermark`

/**
 * Makes the keys of a class: `<namespace>:<class>:<schema hash>:{<id>}`.
 * @throws TypeError where a name could be taken for another part of the key
 */
export function createKeys(options: { namespace: string; className: string; schema: object }) {
  const { namespace, className, schema } = options
  const prefix = `${namespacePrefix(namespace)}${named('class', className)}:${schemaHash(schema)}:`
  return (id: string): string => `${prefix}{${boundedId(id)}}`
}

/** Another schema or another form of entries: other keys, so that two deploys side by side never read each other's bytes. */
function schemaHash(schema: object): string {
  const text = `${entryFormat}:json:${JSON.stringify(schema)}`
  return createHash('sha256').update(text).digest('base64url').slice(0, 8)
}

/**
 * No id chooses a hash tag or another class, and none makes a key long. A hash begins with `#`, which no escaped id contains: nobody
 * can name another's hash.
 */
function boundedId(id: string): string {
  const escaped = id.isWellFormed() && id.length <= longestId ? encodeURIComponent(id) : undefined
  if (escaped !== undefined && escaped.length <= longestId) return escaped
  return `#${createHash('sha256').update(id, 'utf16le').digest('base64url')}`
}

function named(what: 'namespace' | 'class', name: string): string {
  if (/^[A-Za-z][A-Za-z0-9-]{0,63}$/.test(name)) return name
  throw new TypeError(
    `The ${what} of a cache must begin with a letter and hold at most 64 letters, digits and "-"; "${name}" does not.`,
  )
}
