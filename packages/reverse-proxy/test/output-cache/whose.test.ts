import { afterEach, expect, test } from 'vitest'
import { closeAll } from '../fixtures.ts'
import { ask, startCached } from './fixtures.ts'

afterEach(closeAll)

/** Numbers that are the same each time (mulberry32). */
function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let value = Math.imul(state ^ (state >>> 15), 1 | state)
    value = (value + Math.imul(value ^ (value >>> 7), 61 | value)) ^ value
    return ((value ^ (value >>> 14)) >>> 0) / 4_294_967_296
  }
}

const controls = [
  ...['', 'max-age=5', 'private, max-age=5', 'no-store', 'no-cache', 'public', 'public, max-age=5'],
  ...['s-maxage=5', 'max-age=5, must-revalidate', 'max-age=1, stale-while-revalidate=5', 'No-Cache, PRIVATE'],
]
const shared = /public|s-maxage|must-revalidate/

/** An answer that tells for whom it was made. */
type Made = { user: string; path: string; control: string }

test.each([
  ['all', {}],
  ['all, for a while', { Duration: '00:00:05', StaleWhileRevalidate: '00:00:05', StaleIfError: '00:00:05' }],
  ['each user', { VaryByUser: true, Duration: '00:00:05', StaleWhileRevalidate: '00:00:05' }],
])(
  'GW-46 attack: whatever is asked by whom and in which order, nobody gets what is not for him: %s',
  async (_name, policy) => {
    const random = seeded(46)
    const pick = <T>(from: readonly T[]) => from[Math.floor(random() * from.length)] as T
    const { url, results, pass } = await startCached(
      (request, response) => {
        const user = request.headers.authorization ?? ''
        const control = pick(controls)
        const made: Made = { user, path: request.url ?? '', control }
        const status = random() < 0.1 ? 503 : 200
        const vary = random() < 0.1 ? {} : { vary: 'Accept-Language' }
        const etag = random() < 0.3 ? { etag: `"${user}${request.url}"` } : {}
        const isSame = etag.etag !== undefined && request.headers['if-none-match'] === etag.etag
        const send = () => {
          response.writeHead(isSame ? 304 : status, { 'cache-control': control, ...etag, ...vary })
          response.end(isSame ? undefined : JSON.stringify(made))
        }
        if (random() < 0.5) send()
        else setTimeout(send, random() * 20)
      },
      { policy, bytes: 8000 },
    )
    for (let round = 0; round < 60; round++) {
      pass(random() * 2)
      const asked = Array.from({ length: 8 }, () => ({
        user: pick(['', '', 'eva', 'ana']),
        path: pick(['/api/a', '/api/b', '/api/b?c']),
        cookie: random() < 0.2,
      }))
      const answers = await Promise.all(
        asked.map(({ user, path, cookie }) => {
          const headers = { ...(user && { authorization: user }), ...(cookie && { cookie: 's=1' }) }
          return ask(url + path, { headers })
        }),
      )
      for (const [index, { body }] of answers.entries()) {
        const { user, path } = asked[index] as (typeof asked)[number]
        const made: Made = JSON.parse(body)
        expect(made.path).toBe(path)
        if (made.user === user) continue
        expect([made, user]).toEqual([
          expect.objectContaining({ control: expect.stringMatching(shared) }),
          expect.anything(),
        ])
        expect(made.control).not.toMatch(/private|no-store/i)
        expect([made.user === '', user === '', 'VaryByUser' in policy]).toEqual([false, false, false])
      }
    }
    expect(new Set(results())).toContain('hit')
  },
)
