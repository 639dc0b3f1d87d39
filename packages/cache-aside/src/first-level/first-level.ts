import type { Clock } from '../ports.ts'

/** How much the first level holds. */
export type FirstLevelOptions = {
  /** Default 10 000. */
  maximumEntries?: number
  /** Bytes of the entries in their stored form. Default 64 MiB. */
  maximumBytes?: number
  /** No entry is held longer, in milliseconds; longer than the three seconds after which a dead watch is noticed. Default 30 000. */
  ttl?: number
}

/** What to keep: an entry (never `undefined`), until which moment at most, and its size as stored. */
export type Kept<Entry> = { readonly entry: Entry; readonly until: number; readonly bytes: number }
type Slot<Entry> = Kept<Entry> & { asked: boolean }

/** Reads of one key under way: remembers how things stood before the command of the first one was sent. */
export type Placeholder = { readonly key: string; readonly epoch: number; readers: number; marked: boolean }

/**
 * Values of this process, by key. Pushes and replies come on two connections in any order, so a read under way leaves a placeholder:
 * whatever happens to its key marks it, and a marked reply is answered but not kept. A reset begins a new epoch; nothing crosses it.
 */
export type FirstLevel<Entry> = {
  readonly entries: number
  readonly bytes: number
  /** `isLive`: what is known of that in this very moment, for whoever looks at several keys. */
  peek(key: string, now: number, isLive?: boolean): Entry | undefined
  /** Before a command that reads is sent. Each placeholder must be ended. */
  begin(key: string): Placeholder
  /** Keeps what was found, if anything was and nothing happened meanwhile. */
  end(placeholder: Placeholder, found?: Kept<Entry>): void
  changed(key: string): void
  reset(): void
}

/** Entries asked for again get a second chance when the oldest must go, so a scan does not push out what is in use. */
export function createFirstLevel<Entry>(
  options: FirstLevelOptions & { clock: Clock; live: () => boolean },
): FirstLevel<Entry> {
  const { maximumEntries = 10_000, maximumBytes = 64 * 2 ** 20, ttl = 30_000, clock, live } = options
  const slots = new Map<string, Slot<Entry>>()
  /** Those that nothing has happened to. */
  const placeholders = new Map<string, Placeholder>()
  let bytesHeld = 0
  let epoch = 0

  function drop(key: string, slot = slots.get(key)): void {
    if (!slot) return
    slots.delete(key)
    bytesHeld -= slot.bytes
  }

  function makeRoom(): void {
    for (const [key, slot] of slots) {
      if (slots.size <= maximumEntries && bytesHeld <= maximumBytes) return
      slots.delete(key)
      if (slot.asked) {
        slot.asked = false
        slots.set(key, slot)
      } else bytesHeld -= slot.bytes
    }
  }

  function leave(placeholder: Placeholder): void {
    placeholder.readers--
    // After a reset or a change another one may stand in its place, and must go on hearing of changes.
    if (placeholder.readers === 0 && placeholders.get(placeholder.key) === placeholder) {
      placeholders.delete(placeholder.key)
    }
  }

  return {
    get entries() {
      return slots.size
    },
    get bytes() {
      return bytesHeld
    },
    peek(key, now, isLive) {
      const slot = slots.get(key)
      if (!slot || !(isLive ?? live())) return undefined
      if (slot.until <= now) {
        drop(key, slot)
        return undefined
      }
      slot.asked = true
      return slot.entry
    },
    begin(key) {
      const open = placeholders.get(key)
      if (open) {
        open.readers++
        return open
      }
      const placeholder = { key, epoch, readers: 1, marked: false }
      placeholders.set(key, placeholder)
      return placeholder
    },
    end(placeholder, found) {
      leave(placeholder)
      if (!found || placeholder.marked || placeholder.epoch !== epoch || !live()) return
      const { key } = placeholder
      const bytes = found.bytes + key.length
      drop(key)
      if (bytes > maximumBytes) return // it would push out all the others
      const until = Math.min(found.until, clock.now() + ttl)
      slots.set(key, { entry: found.entry, until, bytes, asked: false })
      bytesHeld += bytes
      makeRoom()
    },
    changed(key) {
      drop(key)
      const placeholder = placeholders.get(key)
      if (!placeholder) return
      placeholder.marked = true
      placeholders.delete(key)
    },
    reset() {
      epoch++
      placeholders.clear()
      slots.clear()
      bytesHeld = 0
    },
  }
}
