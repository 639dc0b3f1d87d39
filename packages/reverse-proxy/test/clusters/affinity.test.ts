import { afterEach, expect, test } from 'vitest'
import { createAffinity } from '#src/clusters/affinity/affinity.ts'
import { createDestination } from '#src/clusters/destination.ts'
import { readProxyConfiguration } from '#src/index.ts'
import { closeAll, startProxy, startUpstream } from '../fixtures.ts'

afterEach(closeAll)

const secret = Buffer.alloc(32, 7)
const ids = ['d', 'cluster1/destination1', 'e']
const destinations = ids.map((id) => createDestination('orders', { id } as never, {} as never))

function affinityOf(SessionAffinity: object, key = secret) {
  const Clusters = { c: { SessionAffinity: { Enabled: true, AffinityKeyName: 'aff', ...SessionAffinity } } }
  const { clusters } = readProxyConfiguration({ Clusters }, { authorizationPolicies: [] })
  return createAffinity(clusters.get('c')?.affinity as never, destinations, key)
}

const destinationAt = (index: number) => destinations[index] as (typeof destinations)[number]

test.each([
  ['HashCookie', 0, '0fe8b04024a15376'],
  ['HashCookie', 1, '461e4dd1f090272b'],
  ['ArrCookie', 0, '4658D6ABBBAF7748C172ED5A3E003CDB8997648F88724834E41F75E54520E142'],
  ['ArrCookie', 1, '1877BB7B7435C187A75637003B10D5F5F1755D0506EDEB4CA7D64E0041DD8EA7'],
])('GW-20 the value of %s is YARP’s, so that a migration keeps sessions', (Policy, index, value) => {
  const [name, cookie] = affinityOf({ Policy }).tie(destinationAt(index), false, 0)
  expect([name, cookie]).toEqual(['set-cookie', `aff=${value}; Path=/; HttpOnly`])
})

test.each(['HashCookie', 'ArrCookie', 'Cookie', 'CustomHeader'])(
  'GW-20 a client comes back by %s',
  (Policy) => {
    const affinity = affinityOf({ Policy })
    const [name, written] = affinity.tie(destinationAt(1), false, 0)
    const value = written.split(';')[0] as string
    const sent = Policy === 'CustomHeader' ? ['AFF', value] : ['Cookie', `other=1; ${value}`]
    expect(name).toBe(Policy === 'CustomHeader' ? 'aff' : 'set-cookie')
    expect(affinity.find(sent)).toBe(destinationAt(1))
    expect(affinity.find(['Cookie', 'other=1'])).toBeUndefined()
    const [header = '', text = ''] = sent
    expect(affinity.find([header, text.replace(/.$/, '!')])).toBe('lost')
    expect(affinity.find([...sent, ...sent])).toBe('lost')
  },
)

test.each(['Cookie', 'CustomHeader'])(
  'GW-20 a key of %s tells no name, and nobody else can make one',
  (Policy) => {
    const [, written] = affinityOf({ Policy }).tie(destinationAt(1), false, 0)
    const value = (written.split(';')[0] as string).replace('aff=', '')
    expect(Buffer.from(value, 'base64url').toString('latin1')).not.toContain('destination1')
    const header = Policy === 'Cookie' ? ['Cookie', `aff=${value}`] : ['aff', value]
    expect(affinityOf({ Policy }, Buffer.alloc(32, 8)).find(header)).toBe('lost')
  },
)

test('GW-20 the cookie has the attributes that are set', () => {
  const Cookie = {
    ...{ Domain: 'shop.test', Path: '/a', Expiration: '00:30:00', MaxAge: '08:00:00', HttpOnly: false },
    ...{ SameSite: 'None', SecurePolicy: 'SameAsRequest', IsEssential: true },
  }
  const affinity = affinityOf({ Cookie })
  expect(affinity.tie(destinationAt(0), true, 0)[1].split('; ').slice(1)).toEqual([
    ...['Domain=shop.test', 'Path=/a', 'Expires=Thu, 01 Jan 1970 00:30:00 GMT', 'Max-Age=28800', 'Secure'],
    'SameSite=None',
  ])
  expect(affinity.tie(destinationAt(0), false, 0)[1]).not.toContain('Secure')
})

test.each([
  [{ AffinityKeyName: '' }, 'AffinityKeyName'],
  [{ AffinityKeyName: 'a b' }, 'AffinityKeyName'],
  [{ Policy: 'Fancy' }, 'Policy'],
  [{ Cookie: { Domain: 'a;b' } }, 'Cookie.Domain'],
  [{ Cookie: { Samesite: 'Sometimes' } }, 'Cookie.SameSite'],
])('GW-02 %j is a fault', (part, path) => {
  expect(() => affinityOf(part)).toThrow(`SessionAffinity.${path}`)
})

async function startTwo(SessionAffinity: object) {
  const [one, two] = [
    await startUpstream((_q, s) => void s.end('one')),
    await startUpstream((_q, s) => void s.end('two')),
  ]
  const Destinations = { one: { Address: one.address }, two: { Address: two.address } }
  const affinity = { Enabled: true, AffinityKeyName: 'aff', ...SessionAffinity }
  const cluster = { Destinations, LoadBalancingPolicy: 'RoundRobin', SessionAffinity: affinity }
  return startProxy('', {}, {}, cluster)
}

test('GW-20 the cookie is written once, and the client stays with its destination', async () => {
  const { url } = await startTwo({})
  const first = await fetch(`${url}/api/a`)
  const cookie = first.headers.get('set-cookie')?.split(';')[0] as string
  const home = await first.text()
  for (let count = 0; count < 4; count++) {
    const again = await fetch(`${url}/api/a`, { headers: { cookie } })
    expect([await again.text(), again.headers.get('set-cookie')]).toEqual([home, null])
  }
})

test.each([
  ['Redistribute', 200, true],
  ['Return503Error', 503, false],
])('GW-20 a key that leads nowhere means %s', async (FailurePolicy, status, isWritten) => {
  const { url } = await startTwo({ FailurePolicy })
  const answer = await fetch(`${url}/api/a`, { headers: { cookie: 'aff=gone' } })
  expect([answer.status, answer.headers.has('set-cookie')]).toEqual([status, isWritten])
})
