/** Values of this process, by key. */
export type FirstLevel = {
  peek(key: string): { value: unknown; until: number } | undefined
  /**
   * Marks the beginning of a read of `key`. What it brings may be kept with `keep` only if nothing was invalidated in between: call before
   * the command that reads is sent.
   */
  begin(key: string): { keep(value: unknown, until: number): void }
  drop(key: string | undefined): void
}

const capacity = 10_000

/** A bounded first level; the key used longest ago goes first when it is full. */
export function createFirstLevel({ clock }: { clock: { now(): number } }): FirstLevel {
  const values = new Map<string, { value: unknown; until: number }>()
  const changes = new Map<string, number>()
  const reading = new Map<string, number>()
  let epoch = 0

  return {
    peek(key) {
      const found = values.get(key)
      if (!found) return undefined
      values.delete(key)
      if (found.until <= clock.now()) return undefined
      values.set(key, found)
      return found
    },
    begin(key) {
      const startEpoch = epoch
      const startChanges = changes.get(key) ?? 0
      reading.set(key, (reading.get(key) ?? 0) + 1)
      return {
        keep(value, until) {
          const readers = (reading.get(key) ?? 1) - 1
          const unchanged = epoch === startEpoch && (changes.get(key) ?? 0) === startChanges
          if (readers > 0) reading.set(key, readers)
          else {
            reading.delete(key)
            changes.delete(key)
          }
          if (!unchanged || value === undefined) return
          if (values.size >= capacity) values.delete(values.keys().next().value as string)
          values.set(key, { value, until })
        },
      }
    },
    drop(key) {
      if (key === undefined) {
        epoch++
        values.clear()
        return
      }
      values.delete(key)
      if (reading.has(key)) changes.set(key, (changes.get(key) ?? 0) + 1)
    },
  }
}
