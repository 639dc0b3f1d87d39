import { once } from 'node:events'
import { request, type ServerResponse } from 'node:http'
import { until } from '@alicerce/testing'
import { afterEach, expect, test } from 'vitest'
import { closeAll } from '../fixtures.ts'
import { startCached } from './fixtures.ts'

afterEach(closeAll)

/** Asks, and keeps what came before the answer. */
function askHinted(url: string) {
  const hints: unknown[] = []
  const sent = request(url, { agent: false })
  sent.on('information', ({ statusCode, rawHeaders }) => hints.push([statusCode, ...rawHeaders]))
  const answered = once(sent, 'response').then(async ([response]) => {
    let body = ''
    for await (const chunk of response) body += chunk
    return body
  })
  sent.end()
  return { hints, answered }
}

test('GW-55 an answer before the answer reaches the client whose request is on the way, and none that waits or is given what is stored', async () => {
  const held: ServerResponse[] = []
  const { url, upstream, exchanges } = await startCached((_request, response) => {
    response.setHeader('cache-control', 'max-age=60')
    held.push(response)
  })
  const first = askHinted(`${url}/api/a`)
  await until(() => upstream.seen.length === 1)
  const second = askHinted(`${url}/api/a`)
  await new Promise((resolve) => setTimeout(resolve, 100))
  held[0]?.writeEarlyHints({ link: '</style.css>; rel=preload' })
  await until(() => first.hints.length === 1)
  held[0]?.end('whole')
  expect([await first.answered, await second.answered]).toEqual(['whole', 'whole'])
  const third = askHinted(`${url}/api/a`)
  expect(await third.answered).toBe('whole')
  expect(first.hints).toEqual([[103, 'link', '</style.css>; rel=preload']])
  expect([second.hints, third.hints]).toEqual([[], []])
  expect([upstream.seen.length, exchanges.length]).toEqual([1, 3])
})
