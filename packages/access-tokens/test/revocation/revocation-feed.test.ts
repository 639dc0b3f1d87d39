import { capturedLog, createTestRedis, fakeClock, testRedisUrl, until } from '@alicerce/testing'
import { describe, expect, test } from 'vitest'
import {
  createInProcessRevocationFeed,
  createRedisRevocationFeed,
  createRevocationList,
  type Revocation,
} from '#src/index.ts'
import { after } from '../fixtures.ts'

const clock = fakeClock()
const now = () => Math.floor(clock.now() / 1000)
const revocation = (value: string, life = 300): Revocation => ({
  ...{ kind: 'session', value, issuedBefore: now(), expiresAt: now() + life },
})

const drivers = {
  redis: () => {
    const url = testRedisUrl()
    return () => createRedisRevocationFeed({ url, clock, log: capturedLog() })
  },
  'in process': () => {
    const feed = createInProcessRevocationFeed({ clock })
    return () => feed
  },
}

/** What every driver of the feed promises. `connect` gives another member of the same feed. */
describe.each(Object.entries(drivers))('the revocation feed, %s', (_name, create) => {
  function member(connect: ReturnType<typeof create>) {
    const feed = connect()
    after(() => feed.close())
    return feed
  }

  test('RS-14 carries a revocation to every subscriber', async () => {
    const connect = create()
    const heard: string[][] = [[], []]
    for (const values of heard) await member(connect).subscribe(({ value }) => values.push(value))
    await member(connect).publish(revocation('a'))
    await until(() => heard.every((values) => values.includes('a')))
  })

  test('tells a late subscriber what is still alive, before its subscription resolves', async () => {
    const connect = create()
    const publisher = member(connect)
    await publisher.publish(revocation('short', 10))
    await publisher.publish(revocation('long'))
    clock.advance(11_000)
    const values: string[] = []
    await member(connect).subscribe(({ value }) => values.push(value))
    expect(values).toEqual(['long'])
    expect(publisher.silentMilliseconds()).toBeLessThan(Number.POSITIVE_INFINITY)
  })

  test('tells a closed subscription nothing more', async () => {
    const connect = create()
    const feed = member(connect)
    const values: string[] = []
    const subscription = await feed.subscribe(({ value }) => values.push(value))
    await subscription.close()
    await feed.publish(revocation('a'))
    expect(values).toEqual([])
  })
})

test('RS-14 GW-38 hears again after Redis died and came back empty, and keeps what it knew', async () => {
  const redis = await createTestRedis()
  after(() => redis.stop())
  const feed = createRedisRevocationFeed({ url: redis.url, clock, log: capturedLog() })
  after(() => feed.close())
  const list = createRevocationList({ feed, clock })
  after(() => list.close())
  await list.start()
  const isRevoked = (sid: string) => list.isRevoked({ sid, sub: 'p', jti: 'j', iat: now() })
  await feed.publish(revocation('before'))
  await until(() => isRevoked('before'))
  await redis.kill()
  const silent = feed.silentMilliseconds()
  await until(() => feed.silentMilliseconds() > silent + 3000)
  expect(isRevoked('before')).toBe(true)
  await expect(feed.publish(revocation('lost'))).rejects.toThrow()
  await redis.restart()
  await until(() => feed.silentMilliseconds() < 3000)
  await until(() => feed.publish(revocation('after')).then(() => true))
  await until(() => isRevoked('after'))
  expect(isRevoked('before')).toBe(true)
})

test('starts without Redis, and hears as soon as it is there', async () => {
  const redis = await createTestRedis()
  after(() => redis.stop())
  await redis.kill()
  const feed = createRedisRevocationFeed({ url: redis.url, clock, log: capturedLog() })
  after(() => feed.close())
  const values: string[] = []
  await feed.subscribe(({ value }) => values.push(value))
  expect(feed.silentMilliseconds()).toBe(Number.POSITIVE_INFINITY)
  await redis.restart()
  await until(() => feed.publish(revocation('a')).then(() => true))
  await until(() => values.includes('a'))
})

test('the list forgets what has expired, and the wider of two revocations counts', async () => {
  const feed = createInProcessRevocationFeed({ clock })
  const list = createRevocationList({ feed, clock })
  await list.start()
  const issuedAt = now()
  const claims = { sub: 'p', jti: 'j', iat: issuedAt, sid: 's' }
  await feed.publish(revocation('s'))
  await feed.publish({ ...revocation('s'), issuedBefore: issuedAt - 100 })
  expect(list.isRevoked(claims)).toBe(true)
  clock.advance(301_000)
  await feed.publish(revocation('other'))
  expect(list.isRevoked(claims)).toBe(false)
})
