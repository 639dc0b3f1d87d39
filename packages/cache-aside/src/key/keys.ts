import { createHash } from 'node:crypto'
import { entryFormat } from '../entry/entry.ts'

const longestId = 200
/** Keys of a class that are kept at hand: ids that are read often come again, and a text that is the same one is found sooner in every map. */
const mostKept = 1000

/** The beginning of all keys of a namespace. */
export const namespacePrefix = (namespace: string): string => `${named('namespace', namespace)}:`

/** Where the mark of a namespace and its forms stand (marks/namespace-record.ts), and the marks of its tags. No class has such a name. */
export const namespaceMarkKey = (namespace: string): string => `${namespacePrefix(namespace)}#namespace`
export const tagMarkKey = (namespace: string, tag: string): string =>
  `${namespacePrefix(namespace)}#tag:{${boundedId(tag)}}`
/** Where its watermark does. */
export const watermarkKey = (namespace: string): string => `${namespacePrefix(namespace)}#watermark`

/** What the form of a class depends on. */
export type FormOptions = { className: string; schema: object; hasVersions?: boolean }

/**
 * The form of a class in one deploy: `<class>:<schema hash>`, with `.v` where it has versions. Another schema or another way to store entries
 * is another form with other keys, so that two deploys side by side never read each other's bytes.
 * @throws TypeError for a name that could be taken for another part of the key
 */
export function formOf({ className, schema, hasVersions = false }: FormOptions): string {
  const text = `${entryFormat}:json:${JSON.stringify(schema)}`
  const hash = createHash('sha256').update(text).digest('base64url').slice(0, 8)
  return `${named('class', className)}:${hash}${hasVersions ? versionedSuffix : ''}`
}

const versionedSuffix = '.v'

/**
 * Makes the keys of a class: `<namespace>:<form>:{<id>}`.
 * @throws TypeError where a name could be taken for another part of the key
 */
export function createKeys({ namespace, ...form }: FormOptions & { namespace: string }) {
  const prefix = `${namespacePrefix(namespace)}${formOf(form)}:`
  const keep = new Map<string, string>()
  return (id: string): string => {
    const kept = keep.get(id)
    if (kept !== undefined) return kept
    const key = `${prefix}{${boundedId(id)}}`
    if (keep.size >= mostKept) keep.clear()
    if (id.length <= longestId) keep.set(id, key)
    return key
  }
}

/** Whether it is the key of a value, not of a mark. */
export const isOfClass = (key: string): boolean => !key.includes(':#')

/** The keys of the same value in these forms of its class. */
export function keysInForms(key: string, forms: readonly string[]): string[] {
  const [namespace, className, , id] = key.split(':') // no part has a colon
  return forms.filter((form) => form.startsWith(`${className}:`)).map((form) => `${namespace}:${form}:${id}`)
}

/** Whether what stands under the key may be a floor, which must not be removed. */
export const hasVersions = (key: string): boolean => key.includes(`${versionedSuffix}:{`)

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
