import {
  type ActiveSubscription,
  type DomainEvent,
  type EventBus,
  type EventSubscription,
  type Log,
  patientRetry,
  type Retry,
} from './event-bus.ts'
import { createWorker, type Entry, type Worker } from './worker.ts'

type Member = { types: readonly string[]; worker: Worker; held: Map<string, Entry> }
type Group = { queue: Entry[]; members: Member[] }

const heldEvents = 10_000

/**
 * The event bus where there is no Redis: for one process only, and what was not handled when the process ends is lost. Keeps the
 * newest 10 000 events for groups that come later.
 */
export function createInProcessEventBus({
  log,
  retry = patientRetry,
}: {
  log: Log
  retry?: Retry
}): EventBus {
  const history: Entry[] = []
  const groups = new Map<string, Group>()
  const subscriptions = new Set<ActiveSubscription>()
  let published = 0

  function groupOf(name: string): Group {
    const group = groups.get(name) ?? { queue: [...history], members: [] }
    groups.set(name, group)
    return group
  }

  /** Hands out what waits, taking turns between the members. */
  function handOut(group: Group): void {
    while (group.queue.length > 0 && group.members.length > 0) {
      const member = group.members.shift() as Member
      group.members.push(member)
      const entry = group.queue.shift() as Entry
      if (!member.types.includes(entry.event.type)) continue
      member.held.set(entry.id, entry)
      member.worker.accept({ ...entry, event: copy(entry.event) })
    }
  }

  async function subscribe(subscription: EventSubscription): Promise<ActiveSubscription> {
    const group = groupOf(subscription.group)
    const held = new Map<string, Entry>()
    const done = async ({ id }: Entry) => void held.delete(id)
    const worker = createWorker({ subscription, settlement: { acknowledge: done, park: done }, retry, log })
    const member = { types: subscription.types, worker, held }
    group.members.push(member)
    handOut(group)
    const active = {
      async close() {
        group.members = group.members.filter((each) => each !== member)
        subscriptions.delete(active)
        await worker.close()
        group.queue.unshift(...held.values())
        held.clear()
        handOut(group)
      },
    }
    subscriptions.add(active)
    return active
  }

  return {
    async publish(event) {
      const entry = { id: String(++published), event: copy(event) }
      keep(history, entry)
      for (const group of groups.values()) {
        keep(group.queue, entry)
        handOut(group)
      }
    },
    subscribe,
    async close() {
      await Promise.all([...subscriptions].map((subscription) => subscription.close()))
    },
  }
}

function keep(entries: Entry[], entry: Entry): void {
  entries.push(entry)
  if (entries.length > heldEvents) entries.shift()
}

/** What a consumer gets is what JSON carries, as it is over Redis, and nobody else's object. */
const copy = (event: DomainEvent): DomainEvent => JSON.parse(JSON.stringify(event))
