import { expect, test } from 'vitest'
import { demoOrders } from '#src/catalogue/demo-orders.ts'
import { seededCategories, seededProducts } from '#src/catalogue/products.ts'
import type { OrderAction } from '#src/domain/order.ts'
import { statusAfter } from '#src/domain/transitions.ts'

test('the catalogue has at least 200 products on eight shelves, each different', () => {
  expect(seededProducts.length).toBeGreaterThanOrEqual(200)
  expect(new Set(seededProducts.map(({ id }) => id)).size).toBe(seededProducts.length)
  expect(new Set(seededProducts.map(({ slug }) => slug)).size).toBe(seededProducts.length)
  for (const { id } of seededCategories)
    expect(seededProducts.filter(({ category }) => category === id).length).toBeGreaterThanOrEqual(20)
})

test('every product speaks both languages and costs something', () => {
  for (const { name, description, details, price } of seededProducts) {
    for (const text of [name, description, ...details.flatMap(({ label, value }) => [label, value])])
      expect(text.en.length * text['pt-BR'].length).toBeGreaterThan(0)
    expect(price.amount).toBeGreaterThan(500)
  }
})

test('some products are sold out, so that the shop shows how that looks', () => {
  const soldOut = seededProducts.filter(({ stock }) => stock === 0)
  expect(soldOut.length).toBeGreaterThan(0)
  expect(soldOut.length).toBeLessThan(20)
})

test('the sample orders are in all states, and each went there by legal moves in order of time', () => {
  const now = Date.parse('2026-11-23T12:00:00Z')
  const orders = demoOrders(now)
  expect(new Set(orders.map(({ status }) => status)).size).toBe(5)
  expect(new Set(orders.map(({ customerId }) => customerId)).size).toBe(13)
  for (const { timeline, status, total, lines } of orders) {
    const [placed, ...moves] = timeline
    expect(placed).toMatchObject({ action: 'place', from: null, to: 'placed' })
    for (const { from, action, to } of moves)
      expect(statusAfter(from ?? 'placed', action as OrderAction)).toBe(to)
    expect(timeline.map(({ at }) => at)).toEqual(timeline.map(({ at }) => at).toSorted())
    expect(Date.parse(timeline.at(-1)?.at ?? '')).toBeLessThanOrEqual(now)
    expect(timeline.at(-1)?.to).toBe(status)
    expect(total.amount).toBe(lines.reduce((sum, line) => sum + line.unitPrice.amount * line.quantity, 0))
  }
})
