import { randomBytes } from 'node:crypto'
import { markLength } from '../entry/entry.ts'
import { createFirstLevel, type FirstLevel } from '../first-level/first-level.ts'
import type { Clock } from '../ports.ts'
import { type CacheStore, StoreUnavailable } from '../store/cache-store.ts'
import { decodeRecord } from './namespace-record.ts'

/**
 * Marks stand in the store under the keys of tags and of the namespace, and in each entry that was loaded while they stood there: a mark
 * that is not there any more makes all entries that carry it void. To invalidate a tag is to remove its mark; the next load puts another
 * one there. They are random, so that no mark ever comes back, neither after an eviction nor after a clock went wrong.
 */
export type Marks = {
  /**
   * The marks under these keys, one after the other, as an entry carries them; `undefined`: they are not all at hand. No I/O. `isLive`: whether
   * it is known in this very moment that every change of them is heard of.
   */
  held(keys: readonly string[], now: number, isLive?: boolean): string | undefined
  /** The same, asking the store for those that are not at hand. `noMarks`: one of them does not stand, so every entry is void. */
  find(keys: readonly string[]): Promise<string>
  /** The same, asking the store for all of them. */
  ask(keys: readonly string[]): Promise<string>
  /**
   * What an entry of this form must carry that is loaded after this: puts marks where there are none, and enters the form. Tags are always
   * asked for in the store: a mark at hand that does not stand any more would make the entry void from its beginning.
   */
  take(keys: readonly string[], form: string, ttlMilliseconds: number): Promise<ReadonlyMap<string, string>>
  /**
   * The marks under these keys, one after the other, of which it is known that they were read before `moment`: those that were taken then, and
   * those at hand. `undefined`: of one it is not known. That one does not stand any more is no harm: it makes the entry void.
   */
  before(moment: number, taken: ReadonlyMap<string, string>, keys: readonly string[]): string | undefined
  /** For how long the form has been entered under the mark that was taken last: before that nobody raised a floor for it. */
  enteredFor(form: string): number
  changed(key: string): void
  reset(): void
}

/** What no entry carries. */
export const noMarks = ''

/** 64 bits in `markLength` letters. */
const createMark = () => randomBytes(8).toString('base64url')

/** One at hand, and when it was read, by `performance.now()`. */
type Mark = { readonly mark: string; readonly readAt: number }

/** Marks that were read are held as values are: only while every change of them is heard of. */
export function createMarks(options: { store: CacheStore; clock: Clock; live: () => boolean }): Marks {
  const { store, clock, live } = options
  const level: FirstLevel<Mark> = createFirstLevel({ clock, live })
  /** Under which mark each form is entered, and since when by `performance.now()`. */
  const entered = new Map<string, { mark: string; since: number }>()

  async function askFor(key: string): Promise<string | undefined> {
    const placeholder = level.begin(key)
    let bytes: Buffer | undefined
    try {
      bytes = await store.get(key)
    } catch (error) {
      level.end(placeholder)
      throw error
    }
    const mark = bytes && decodeRecord(bytes)?.mark
    const until = Number.POSITIVE_INFINITY
    const entry = mark && { mark, readAt: performance.now() }
    level.end(placeholder, entry ? { entry, until, bytes: markLength } : undefined)
    return mark
  }

  /** The mark of the namespace, under which the form is entered. */
  async function enter(namespace: string, form: string): Promise<string> {
    const held = level.peek(namespace, clock.now())?.mark
    if (held !== undefined && entered.get(form)?.mark === held) return held
    const { mark, milliseconds } = await store.enter(namespace, createMark(), form)
    if (entered.get(form)?.mark !== mark) entered.set(form, { mark, since: performance.now() - milliseconds })
    return mark
  }

  async function joined(marks: (Promise<string | undefined> | string)[]): Promise<string> {
    const found = await Promise.all(marks)
    return found.includes(undefined) ? noMarks : found.join('')
  }

  return {
    held(keys, now, isLive) {
      const first = level.peek(keys[0] as string, now, isLive)?.mark
      if (keys.length === 1 || first === undefined) return first
      let all = first
      for (let index = 1; index < keys.length; index++) {
        const mark = level.peek(keys[index] as string, now, isLive)?.mark
        if (mark === undefined) return undefined
        all += mark
      }
      return all
    },
    find(keys) {
      const now = clock.now()
      return joined(keys.map((key) => level.peek(key, now)?.mark ?? askFor(key)))
    },
    ask: (keys) => joined(keys.map(askFor)),
    async take(keys, form, ttlMilliseconds) {
      const [namespace, ...tags] = keys
      const marks = await Promise.all([
        enter(namespace as string, form),
        ...tags.map((tag) => store.mark(tag, createMark(), ttlMilliseconds)),
      ])
      if (marks.some((mark) => mark.length !== markLength)) {
        throw new StoreUnavailable('The store holds something else where a mark should stand.')
      }
      return new Map(keys.map((key, index) => [key, marks[index] as string]))
    },
    before(moment, taken, keys) {
      const now = clock.now()
      let all = ''
      for (const key of keys) {
        let mark = taken.get(key)
        if (mark === undefined) {
          const held = level.peek(key, now)
          if (!held || held.readAt >= moment) return undefined
          mark = held.mark
        }
        all += mark
      }
      return all
    },
    enteredFor: (form) => performance.now() - (entered.get(form)?.since ?? Number.POSITIVE_INFINITY),
    changed: level.changed,
    reset: level.reset,
  }
}

/**
 * Whether the entry is not void. `found`: what was found to stand when the entry was read, if that was asked for. Marks at hand may be
 * older than the entry, so the store is asked before it is refused.
 */
export function stands(
  marks: Marks,
  entry: { marks: string },
  keys: readonly string[],
  now: number,
  found = marks.held(keys, now),
): boolean | Promise<boolean> {
  return entry.marks === found || marks.ask(keys).then((standing) => entry.marks === standing)
}
