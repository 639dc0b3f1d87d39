import { beforeAll, expect, test } from 'vitest'
import { expectProblem, type Send } from './client.ts'
import type { ChangeSample } from './samples.ts'

const writers = 8

/** Changes of one resource by several people: SV-06 to SV-10. */
export function changeManners(sample: ChangeSample, send: Send): void {
  let path = ''
  beforeAll(async () => {
    path = await sample.path()
  })
  const currentTag = async () => (await send(path)).headers.get('etag') ?? ''
  const change = (number: number, headers: Record<string, string>) =>
    send(sample.changePath?.(path) ?? path, { method: sample.method, headers, json: sample.body(number) })

  test('SV-07 a change without If-Match → 428, and nothing changes', async () => {
    const before = await currentTag()
    expectProblem(await change(1, {}), 428)
    expect(await currentTag()).toBe(before)
  })

  test('SV-08 a stale If-Match → 412 with the current ETag, and nothing changes', async () => {
    const before = await currentTag()
    const answer = await change(1, { 'if-match': '"stale"' })
    expectProblem(answer, 412)
    expect(answer.headers.get('etag')).toBe(before)
    expect(await currentTag()).toBe(before)
  })

  test('SV-10 a matching If-None-Match → 304 without a body', async () => {
    const answer = await send(path, { headers: { 'if-none-match': await currentTag() } })
    expect(answer.status).toBe(304)
    expect(answer.text).toBe('')
  })

  test('SV-06 SV-09 of several writers with one ETag exactly one succeeds, and the strong ETag changes', async () => {
    const before = await currentTag()
    expect(before).toMatch(/^"[^"]+"$/)
    const numbers = Array.from({ length: writers }, (_, index) => index + 2)
    const answers = await Promise.all(numbers.map((number) => change(number, { 'if-match': before })))
    expect(answers.filter(({ status }) => status < 300)).toHaveLength(1)
    expect(answers.filter(({ status }) => status === 412 || status === 409)).toHaveLength(writers - 1)
    expect(await currentTag()).not.toBe(before)
  })
}
