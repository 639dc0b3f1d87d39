import { createTestCluster, type TestCluster } from '@alicerce/testing'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { slotOf, tagInSlot } from '#src/store/redis/cluster/slots.ts'
import { highestSlot, parseRedirection, parseSlots } from '#src/store/redis/cluster/topology.ts'
import { haveSameServers, mostCommon, type View } from '#src/store/redis/cluster/views.ts'

let cluster: TestCluster
beforeAll(async () => {
  cluster = await createTestCluster({ primaries: 1 })
})
afterAll(() => cluster.stop())

test('CA-52 a key is in the slot that Redis says it is in', async () => {
  const server = cluster.primaries[0]
  const ascii = fc.string({ unit: 'binary-ascii', maxLength: 40 })
  const key = fc.oneof(
    ascii,
    fc.tuple(ascii, ascii, ascii).map(([a, b, c]) => `${a}{${b}}${c}`),
  )
  await fc.assert(
    fc.asyncProperty(key, async (each) => {
      expect(slotOf(each)).toBe(await server?.command('CLUSTER', 'KEYSLOT', each))
    }),
    { numRuns: 300, examples: [['{}a'], ['{'], ['}{a}'], ['{{a}}'], ['orders:order:x:{a}:r']] },
  )
})

test('CA-52 every slot has a tag', () => {
  for (const slot of [0, 1, 5461, 16_383]) expect(slotOf(`orders:#watermark:{${tagInSlot(slot)}}`)).toBe(slot)
})

test('CA-52 what servers say of slots is read, whether they know their own host or not', () => {
  const endpoint = (host: string | null, port: number, name: string) => [
    host === null ? null : Buffer.from(host),
    port,
    Buffer.from(name),
  ]
  const reply = [
    [0, 10, endpoint('10.0.0.1', 6379, 'b'), endpoint('10.0.0.9', 6379, 'replica')],
    [11, 20, endpoint(null, 6380, 'a')],
    [21, 30, endpoint('10.0.0.1', 6379, 'b')],
    [31, 40, endpoint('2001:db8::1', 6379, 'c')],
  ]
  const shards = parseSlots(reply, '10.0.0.5')
  expect(shards.map(({ address }) => address)).toEqual([
    '10.0.0.5:6380',
    '10.0.0.1:6379',
    '[2001:db8::1]:6379',
  ])
  expect(shards.map(highestSlot)).toEqual([20, 30, 40])
})

test('CA-52 MOVED and ASK are read, and nothing else is taken for them', () => {
  expect(parseRedirection('MOVED 3999 127.0.0.1:6381', 'here')).toEqual({
    ...{ slot: 3999, address: '127.0.0.1:6381', asking: false },
  })
  expect(parseRedirection('ASK 3999 2001:db8::1:6381', 'here')).toEqual({
    ...{ slot: 3999, address: '[2001:db8::1]:6381', asking: true },
  })
  expect(parseRedirection('MOVED 3999 :6381', 'here')?.address).toBe('here:6381')
  for (const other of ['CLUSTERDOWN The cluster is down', 'TRYAGAIN Multiple keys', 'ERR MOVED 1 a:1']) {
    expect(parseRedirection(other, 'here')).toBeUndefined()
  }
})

/** One server for each name, with a third of the slots. */
const viewOf = (...names: string[]): View =>
  names.map((name, index) => ({
    ...{ name, address: `${name}:6379`, replicas: [] },
    ranges: [[index * 5461, (index + 1) * 5461 - 1] as const],
  }))

test('CA-52 of several views that of most is believed, whoever is asked first', () => {
  const [before, after] = [viewOf('a', 'b', 'c'), viewOf('a', 'b', 'heir')]
  for (const views of [
    [before, after, after],
    [after, before, after],
    [after, after, before],
  ])
    expect(mostCommon(views)).toEqual(after)
  expect(mostCommon([])).toBeUndefined()
})

test('CA-38 CA-52 views agree when the same servers have slots, while some of these are on their way', () => {
  const moved = viewOf('a', 'b', 'c').map((shard) => ({ ...shard, ranges: [[0, 1] as const] }))
  expect(haveSameServers(viewOf('a', 'b', 'c'), moved)).toBe(true)
  expect(haveSameServers(viewOf('a', 'b', 'c'), viewOf('a', 'b', 'heir'))).toBe(false)
  expect(haveSameServers(viewOf('a', 'b', 'c'), viewOf('a', 'b'))).toBe(false)
})
