import type { Asked } from './asked.ts'
import type { Partition } from './cache-key.ts'
import type { StoredAnswer } from './stored-answer.ts'
import { variantKey } from './vary.ts'

/** What is stored under one key: a variant for each combination of the headers that tell them apart. */
type Resource = {
  readonly key: string
  readonly uri: string
  readonly partition: Partition
  readonly names: readonly string[]
  readonly variants: Map<string, Entry>
}

type Entry = { readonly resource: Resource; readonly variant: string; stored: StoredAnswer; bytes: number }

/** What an entry costs beside its texts and its body, roughly. */
const overheadBytes = 512

/** Answers in memory, bounded in bytes: the one that was not asked for the longest goes first. */
export class AnswerStore {
  readonly limit: number
  readonly #resources = new Map<string, Resource>()
  readonly #byUri = new Map<string, Set<Resource>>()
  /** In the order in which they were last asked for. */
  readonly #entries = new Set<Entry>()
  #bytes = 0

  constructor(limit: number) {
    this.limit = limit
  }

  get bytes(): number {
    return this.#bytes
  }

  find(asked: Asked): StoredAnswer | undefined {
    const resource = this.#resources.get(asked.key)
    const entry = resource?.variants.get(variantKey(resource.names, asked.headers))
    if (!entry) return undefined
    this.#entries.delete(entry)
    this.#entries.add(entry)
    return entry.stored
  }

  /** The headers that tell the answers to a request apart, as far as is known. */
  namesOf({ key, partition }: Asked): readonly string[] {
    return this.#resources.get(key)?.names ?? partition.policy.varyByHeaders
  }

  /** Keeps an answer to a request. `names`: the headers that tell it apart from others. */
  put(asked: Asked, names: readonly string[], stored: StoredAnswer): void {
    const variant = variantKey(names, asked.headers)
    const bytes = overheadBytes + asked.key.length + variant.length + sizeOf(stored)
    const before = this.#entryOf(asked, variant)
    if (before) this.#drop(before)
    if (bytes > this.limit) return
    const resource = this.#resourceFor(asked, names)
    const entry = { resource, variant, stored, bytes }
    resource.variants.set(variant, entry)
    this.#entries.add(entry)
    this.#bytes += bytes
    for (const oldest of this.#entries) {
      if (this.#bytes <= this.limit) break
      this.#drop(oldest)
    }
  }

  /** Forgets this answer to a request, unless another has taken its place. */
  remove(asked: Asked, stored: StoredAnswer): void {
    const entry = this.#entryOf(asked, variantKey(this.namesOf(asked), asked.headers))
    if (entry?.stored === stored) this.#drop(entry)
  }

  #entryOf({ key }: Asked, variant: string): Entry | undefined {
    return this.#resources.get(key)?.variants.get(variant)
  }

  /** Forgets all answers of a URI, whosever they are. */
  invalidate(uri: string): void {
    for (const resource of this.#byUri.get(uri) ?? []) this.#dropAll(resource)
  }

  /** Forgets what a configuration that is no longer leaves behind. */
  dropPartition(partition: Partition): void {
    for (const resource of this.#resources.values())
      if (resource.partition === partition) this.#dropAll(resource)
  }

  /** Variants that other headers told apart go: the newest answer says which count. */
  #resourceFor({ key, uri, partition }: Asked, names: readonly string[]): Resource {
    const known = this.#resources.get(key)
    if (known && String(known.names) === String(names)) return known
    if (known) this.#dropAll(known)
    const resource: Resource = { key, uri, partition, names, variants: new Map() }
    this.#resources.set(key, resource)
    this.#byUri.set(uri, (this.#byUri.get(uri) ?? new Set()).add(resource))
    return resource
  }

  #dropAll({ variants }: Resource): void {
    for (const entry of variants.values()) this.#drop(entry)
  }

  #drop(entry: Entry): void {
    const { resource, variant, bytes } = entry
    this.#entries.delete(entry)
    this.#bytes -= bytes
    resource.variants.delete(variant)
    if (resource.variants.size > 0) return
    this.#resources.delete(resource.key)
    const siblings = this.#byUri.get(resource.uri)
    siblings?.delete(resource)
    if (siblings?.size === 0) this.#byUri.delete(resource.uri)
  }
}

const sizeOf = ({ headers, body }: StoredAnswer) =>
  headers.reduce((sum, part) => sum + part.length, body.length)
