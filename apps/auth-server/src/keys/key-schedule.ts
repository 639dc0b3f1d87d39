/** How long a signing key is in each of its states. Seconds. */
export type KeyAges = {
  /** Published before it signs, so that every resource server has it in time. */
  announced: number
  /** Signs. */
  active: number
  /** Published after it has signed for the last time, until every token of it has expired. */
  retired: number
}

/** `next` is published and does not sign yet, `active` signs, `retired` is published for the tokens that it signed. */
export type KeyState = 'next' | 'active' | 'retired'

/** What the schedule knows of a key. */
export type ScheduledKey = { kid: string; activeFrom: Date }

/** A key with its state and the moments at which that changes. */
export type KeyWithState<Key extends ScheduledKey> = Key & {
  state: KeyState
  /** When its successor signs; `undefined` while it has none. */
  retiredAt: Date | undefined
  /** When it leaves the published set. */
  removedAt: Date | undefined
}

/** The state of each key of one algorithm, oldest first. The last one whose time has come signs. */
export function statesOf<Key extends ScheduledKey>(
  keys: readonly Key[],
  ages: KeyAges,
  now: number,
): KeyWithState<Key>[] {
  const inOrder = keys.toSorted((one, other) => one.activeFrom.getTime() - other.activeFrom.getTime())
  return inOrder.map((key, index) => {
    const retiredAt = inOrder[index + 1]?.activeFrom
    const removedAt = retiredAt && new Date(retiredAt.getTime() + ages.retired * 1000)
    return { ...key, state: stateOf(key.activeFrom, retiredAt, now), retiredAt, removedAt }
  })
}

function stateOf(activeFrom: Date, retiredAt: Date | undefined, now: number): KeyState {
  if (activeFrom.getTime() > now) return 'next'
  return retiredAt && retiredAt.getTime() <= now ? 'retired' : 'active'
}

/** When the next key should begin to sign, if it is time to announce it. The first key signs at once. */
export function nextKeyDue(keys: readonly ScheduledKey[], ages: KeyAges, now: number): Date | undefined {
  if (keys.length === 0) return new Date(now)
  const newest = Math.max(...keys.map(({ activeFrom }) => activeFrom.getTime()))
  const successor = newest + ages.active * 1000
  const announced = ages.announced * 1000
  return successor - announced <= now ? new Date(Math.max(successor, now + announced)) : undefined
}
