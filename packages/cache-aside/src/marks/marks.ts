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
  /** The marks under these keys, one after the other, as an entry carries them; `undefined`: they are not all at hand. No I/O. */
  held(keys: readonly string[], now: number): string | undefined
  /** The same, asking the store for those that are not at hand. `noMarks`: one of them does not stand, so every entry is void. */
  find(keys: readonly string[]): Promise<string>
  /** The same, asking the store for all of them. */
  ask(keys: readonly string[]): Promise<string>
  /**
   * What an entry of this form must carry that is loaded after this: puts marks where there are none, and enters the form. Tags are always
   * asked for in the store: a mark at hand that does not stand any more would make the entry void from its beginning.
   */
  take(keys: readonly string[], form: string, ttlMilliseconds: number): Promise<string>
  /** For how long the form has been entered under the mark that was taken last: before that nobody raised a floor for it. */
  enteredFor(form: string): number
  changed(key: string): void
  reset(): void
}

/** What no entry carries. */
const noMarks = ''

/** 64 bits in `markLength` letters. */
const createMark = () => randomBytes(8).toString('base64url')

/** Marks that were read are held as values are: only while every change of them is heard of. */
export function createMarks(options: { store: CacheStore; clock: Clock; live: () => boolean }): Marks {
  const { store, clock, live } = options
  const level: FirstLevel<string> = createFirstLevel({ clock, live })
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
    level.end(placeholder, mark === undefined ? undefined : { entry: mark, until, bytes: markLength })
    return mark
  }

  /** The mark of the namespace, under which the form is entered. */
  async function enter(namespace: string, form: string): Promise<string> {
    const held = level.peek(namespace, clock.now())
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
    held(keys, now) {
      const first = level.peek(keys[0] as string, now)
      if (keys.length === 1 || first === undefined) return first
      let all = first
      for (let index = 1; index < keys.length; index++) {
        const mark = level.peek(keys[index] as string, now)
        if (mark === undefined) return undefined
        all += mark
      }
      return all
    },
    find(keys) {
      const now = clock.now()
      return joined(keys.map((key) => level.peek(key, now) ?? askFor(key)))
    },
    ask: (keys) => joined(keys.map(askFor)),
    async take([namespace, ...tags], form, ttlMilliseconds) {
      const marks = await Promise.all([
        enter(namespace as string, form),
        ...tags.map((tag) => store.mark(tag, createMark(), ttlMilliseconds)),
      ])
      if (marks.some((mark) => mark.length !== markLength)) {
        throw new StoreUnavailable('The store holds something else where a mark should stand.')
      }
      return marks.join('')
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
