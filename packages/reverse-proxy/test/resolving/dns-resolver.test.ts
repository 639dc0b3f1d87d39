import { expect, onTestFinished, test } from 'vitest'
import type { ResolverConfiguration } from '#src/resolving/destination-resolver.ts'
import { dnsResolver } from '#src/resolving/dns-resolver.ts'
import { type DnsRecord, startDnsServer } from './dns-server.ts'

const usual: ResolverConfiguration = {
  records: 'Address',
  family: undefined,
  refreshMilliseconds: 1000,
  servers: [],
}

async function setUp(zone: Record<string, DnsRecord[]>) {
  const dns = await startDnsServer(zone)
  onTestFinished(() => dns.close())
  const resolve = (name: string, changes: Partial<ResolverConfiguration> = {}) =>
    dnsResolver.resolve(name, { ...usual, servers: [dns.server], ...changes })
  return { ...dns, resolve }
}

const both: DnsRecord[] = [
  { type: 'A', address: '10.0.0.1' },
  { type: 'A', address: '10.0.0.2' },
  { type: 'AAAA', address: 'fd00:0:0:0:0:0:0:1' },
]

test('GW-11 a name leads to its A and AAAA records, or to those of one family', async () => {
  const { resolve } = await setUp({ 'orders.test': both })
  const addresses = async (family?: 4 | 6) =>
    (await resolve('orders.test', { family })).map(({ address, port }) => [address, port])
  const [four, six] = [
    [
      ['10.0.0.1', undefined],
      ['10.0.0.2', undefined],
    ],
    [['fd00::1', undefined]],
  ]
  expect(await addresses()).toEqual([...four, ...six])
  expect(await addresses(4)).toEqual(four)
  expect(await addresses(6)).toEqual(six)
})

test('GW-11 a service leads to the hosts of the lowest priority, each at its own port', async () => {
  const { resolve } = await setUp({
    '_orders._tcp.test': [
      { type: 'SRV', priority: 1, port: 8001, target: 'a.test' },
      { type: 'SRV', priority: 1, port: 8002, target: 'b.test' },
      { type: 'SRV', priority: 2, port: 8003, target: 'spare.test' },
    ],
    'a.test': [{ type: 'A', address: '10.0.0.1' }],
    'b.test': [{ type: 'A', address: '10.0.0.2' }],
    'spare.test': [{ type: 'A', address: '10.0.0.3' }],
  })
  expect(await resolve('_orders._tcp.test', { records: 'Service' })).toEqual([
    { address: '10.0.0.1', port: 8001 },
    { address: '10.0.0.2', port: 8002 },
  ])
})

test('GW-11 no such name, no records of the family, and a server that fails are failures', async () => {
  const { resolve, state } = await setUp({ 'four.test': [{ type: 'A', address: '10.0.0.1' }] })
  await expect(resolve('none.test')).rejects.toThrow('none.test has no addresses')
  await expect(resolve('four.test', { family: 6 })).rejects.toThrow('four.test has no addresses')
  await expect(resolve('none.test', { records: 'Service' })).rejects.toThrow('ENOTFOUND')
  state.mode = 'fails'
  await expect(resolve('four.test')).rejects.toThrow('ESERVFAIL')
})

test('GW-11 without name servers of its own the system says where a name leads', async () => {
  expect(await dnsResolver.resolve('localhost', { ...usual, family: 4 })).toEqual([
    { address: '127.0.0.1', port: undefined },
  ])
})
