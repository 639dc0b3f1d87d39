import { sumOf, times } from '#src/domain/money.ts'
import type { ActorRole, Order, OrderAction, OrderStatus, TimelineEntry } from '#src/domain/order.ts'
import { createSeededRandom, type SeededRandom } from '#src/seeded-random.ts'
import { type DemoPerson, demoAgent, demoCustomer, inventedCustomers } from './demo-people.ts'
import { idOf, seededProducts } from './products.ts'

/** An order of the samples, before it gets its number. */
export type DemoOrder = Omit<Order, 'number'>

const hour = 3_600_000
const day = 24 * hour
const orderCount = 42

type Step = {
  action: OrderAction
  to: OrderStatus
  by: 'owner' | 'agent'
  after: [number, number]
  reason?: string
}

const pay: Step = { action: 'pay', to: 'paid', by: 'owner', after: [0.05 * hour, 5 * hour] }
const ship: Step = { action: 'ship', to: 'shipped', by: 'agent', after: [6 * hour, 40 * hour] }
const deliver: Step = { action: 'deliver', to: 'delivered', by: 'agent', after: [1.5 * day, 5 * day] }
const regret: Step = {
  action: 'cancel',
  to: 'cancelled',
  by: 'owner',
  after: [0.5 * hour, 9 * hour],
  reason: 'Ordered the wrong colour',
}
const refuse: Step = {
  action: 'cancel',
  to: 'cancelled',
  by: 'agent',
  after: [8 * hour, 30 * hour],
  reason: 'The glaze cracked in the kiln; the customer prefers a refund',
}

/** What happens to the orders: most arrive, some are on their way, a few are called off. */
const lives: Step[][] = [
  [pay, ship, deliver],
  [pay, ship, deliver],
  [pay, ship],
  [pay],
  [],
  [pay, ship, deliver],
  [pay, refuse],
  [pay, ship],
  [regret],
  [pay],
]

const notes = ['Please leave it with the neighbour.', 'É um presente: sem o preço, por favor.', 'Ring twice.']

/** The sample orders of the last weeks before `now`, oldest first, so that the staff's page is alive. */
export function demoOrders(now: number): DemoOrder[] {
  const random = createSeededRandom('demo orders')
  const orders = Array.from({ length: orderCount }, (_, index) => {
    const person = index % 7 === 3 ? demoCustomer : inventedCustomers[(index * 5) % inventedCustomers.length]
    return demoOrder(index, person as DemoPerson, now, random)
  })
  return orders.toSorted((one, other) => one.placedAt.localeCompare(other.placedAt))
}

function demoOrder(index: number, person: DemoPerson, now: number, random: SeededRandom): DemoOrder {
  const life = lives[index % lives.length] as Step[]
  // Orders that are over lie further back than those that still wait for somebody.
  const age =
    life.at(-1) === deliver ? 9 + random() * 42 : life.length === 0 ? random() * 1.2 : 2.2 + random() * 3
  const placedAt = now - age * day - random() * 5 * hour
  const lines = linesOf(random)
  const timeline = timelineOf(life, person, placedAt, now, random)
  const last = timeline.at(-1) as TimelineEntry
  return {
    id: idOf(`demo order ${index}`),
    status: last.to,
    customerId: person.id,
    lines,
    total: sumOf(lines.map(({ total }) => total)),
    shippingAddress: { name: person.name, ...person.address },
    note: random() < 0.2 ? (notes[index % notes.length] as string) : null,
    placedAt: new Date(placedAt).toISOString(),
    updatedAt: last.at,
    version: timeline.length,
    timeline,
  }
}

function linesOf(random: SeededRandom): Order['lines'] {
  const count = 1 + Math.floor(random() * 4)
  const first = Math.floor(random() * seededProducts.length)
  return Array.from({ length: count }, (_, index) => {
    const product = seededProducts[
      (first + index * 53) % seededProducts.length
    ] as (typeof seededProducts)[number]
    const quantity = product.price.amount > 10_000 ? 1 : 1 + Math.floor(random() * 4)
    const { id, name, price } = product
    return { productId: id, name, quantity, unitPrice: price, total: times(price, quantity) }
  })
}

function timelineOf(
  life: Step[],
  person: DemoPerson,
  placedAt: number,
  now: number,
  random: SeededRandom,
): TimelineEntry[] {
  const actor = ({ id, name }: DemoPerson, role: ActorRole) => ({ id, name, role })
  const owner = actor(person, 'customer')
  const entries: TimelineEntry[] = [
    {
      at: new Date(placedAt).toISOString(),
      action: 'place',
      from: null,
      to: 'placed',
      actor: owner,
      reason: null,
    },
  ]
  let at = placedAt
  for (const { action, to, by, after, reason } of life) {
    at += after[0] + random() * (after[1] - after[0])
    if (at > now) break
    const from = (entries.at(-1) as TimelineEntry).to
    entries.push({
      at: new Date(at).toISOString(),
      action,
      from,
      to,
      actor: by === 'owner' ? owner : actor(demoAgent, 'support'),
      reason: reason ?? null,
    })
  }
  return entries
}
