import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { expectProblem, placesOf, type Send } from './client.ts'
import type { CreateSample } from './samples.ts'

const repeats = 50

/** Creating, once: SV-03, SV-04, SV-11 to SV-15. */
export function createManners(sample: CreateSample, send: Send, other: () => Promise<string>): void {
  const create = async (key: string, json: unknown, token?: string) =>
    send(sample.path, { method: 'POST', json, headers: { 'idempotency-key': key }, ...(token && { token }) })

  test('SV-03 an empty body → 400 that names what is missing', async () => {
    const answer = await create(randomUUID(), {})
    expectProblem(answer, 400)
    expect(placesOf(answer).every((place) => place.startsWith('#/'))).toBe(true)
    expect(placesOf(answer).length).toBeGreaterThan(0)
  })

  test('SV-04 SV-20 an unknown property, or an owner, → 400 with its pointer', async () => {
    const answer = await create(randomUUID(), { ...(await sample.body(1)), owner: 'me', surprise: true })
    expectProblem(answer, 400)
    expect(placesOf(answer)).toEqual(expect.arrayContaining(['#/owner', '#/surprise']))
  })

  test('SV-11 without Idempotency-Key → 400', async () => {
    expectProblem(await send(sample.path, { method: 'POST', json: await sample.body(1) }), 400)
  })

  test(`SV-12 SV-14 ${repeats} repeats at once have one effect, and those that came too early are told so`, async () => {
    const [key, body] = [randomUUID(), await sample.body(1)]
    const answers = await Promise.all(Array.from({ length: repeats }, () => create(key, body)))
    const last = await create(key, body)
    expect(last.status, last.text).toBe(201)
    for (const answer of answers) {
      if (answer.status === 409) expect(answer.headers.get('retry-after')).toMatch(/^\d+$/)
      else expect(seen(answer)).toEqual(seen(last))
    }
  })

  test('SV-13 the same key with another body → 422', async () => {
    const key = randomUUID()
    expect((await create(key, await sample.body(1))).status).toBe(201)
    expectProblem(await create(key, await sample.body(2)), 422)
  })

  test('SV-15 another person with the same key does not see the first answer', async () => {
    const [key, body] = [randomUUID(), await sample.body(1)]
    const first = await create(key, body)
    const second = await create(key, body, await other())
    expect(second.status, second.text).toBe(201)
    expect(second.headers.get('location')).not.toBe(first.headers.get('location'))
  })
}

function seen({ status, headers, text }: Awaited<ReturnType<Send>>) {
  return { status, location: headers.get('location'), etag: headers.get('etag'), text }
}
