import { expect, test } from 'vitest'
import { expectProblem, placesOf, type Send } from './client.ts'
import type { ListSample } from './samples.ts'

/** Lists: SV-17 to SV-19. */
export function listManners({ path, filter, anonymous }: ListSample, send: Send): void {
  const list = (query: Record<string, string>, extra = '') =>
    send(`${path}?${new URLSearchParams(query)}${extra && `&${extra}`}`, anonymous ? { token: null } : {})

  test('SV-17 pages follow each other without a gap or a repeat', async () => {
    const whole = (await list({ limit: '4' })).body.items as unknown[]
    const first = await list({ limit: '2' })
    const second = await list({ limit: '2', cursor: String(first.body.nextCursor) })
    expect([...(first.body.items as unknown[]), ...(second.body.items as unknown[])]).toEqual(whole)
  })

  test('SV-18 a tampered cursor, or one of another filter, → 400', async () => {
    const cursor = String((await list({ limit: '1' })).body.nextCursor)
    const tampered = await list({ limit: '1', cursor: `A${cursor}` })
    expectProblem(tampered, 400)
    expect(placesOf(tampered)).toEqual(['cursor'])
    expectProblem(await list({ limit: '1', cursor }, filter), 400)
  })

  test('SV-18 a page has a largest size', async () => {
    expectProblem(await list({ limit: '101' }), 400)
  })

  test('SV-19 an unknown filter or order → 400 that names the known ones', async () => {
    const answer = await list({ 'no-such-filter': '1' })
    expectProblem(answer, 400)
    expect(answer.text).toContain('limit')
    expectProblem(await list({ sort: 'no-such-field' }), 400)
  })
}
