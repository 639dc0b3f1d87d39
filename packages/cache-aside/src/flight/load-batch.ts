/** The place of one key in a batch. Each is either taken, or left as soon as it is known that the batch need not load its key. */
export type Seat = {
  /** Waits until every other place is taken or left, and loads them all at once; `undefined`: this place was left before. */
  take(signal: AbortSignal): Promise<unknown> | undefined
  leave(): void
}

type LoadMany<Id> = (
  ids: readonly Id[],
  options: { signal: AbortSignal },
) => Promise<ReadonlyMap<Id, unknown>>

/** Loads what was granted to this batch, and nothing else, in one call of `loadMany`. */
export function createLoadBatch<Id>(ids: readonly Id[], loadMany: LoadMany<Id>): Map<Id, Seat> {
  const taken = new Map<Id, AbortSignal>()
  const { promise: complete, resolve } = Promise.withResolvers<void>()
  let undecided = ids.length
  const decide = () => {
    undecided--
    if (undecided === 0) resolve()
  }
  let loading: Promise<ReadonlyMap<Id, unknown>> | undefined
  const load = () => {
    loading ??= loadMany([...taken.keys()], { signal: whenAllAbort([...taken.values()]) })
    return loading
  }

  function createSeat(id: Id): Seat {
    let decided = false
    async function loaded(): Promise<unknown> {
      await complete
      return (await load()).get(id)
    }
    return {
      take(signal) {
        if (decided) return undefined
        decided = true
        taken.set(id, signal)
        decide()
        return loaded()
      },
      leave() {
        if (decided) return
        decided = true
        decide()
      },
    }
  }
  return new Map(ids.map((id) => [id, createSeat(id)]))
}

function whenAllAbort(signals: readonly AbortSignal[]): AbortSignal {
  const controller = new AbortController()
  let left = signals.length
  const aborted = () => {
    left--
    if (left === 0) controller.abort(signals[0]?.reason)
  }
  for (const signal of signals) {
    if (signal.aborted) aborted()
    else signal.addEventListener('abort', aborted, { once: true })
  }
  return controller.signal
}
