import { afterEach, expect, test } from 'vitest'
import { readProxyConfiguration } from '#src/index.ts'
import { closeAll, startProxy, startUpstream } from './fixtures.ts'

afterEach(closeAll)

async function clientBy(TrustedProxies: string[] | undefined, headers: Record<string, string>) {
  const upstream = await startUpstream((_request, response) => void response.end())
  const { url } = await startProxy(upstream.address, {}, {}, {}, { TrustedProxies })
  await fetch(`${url}/api/a`, { headers })
  const { 'x-forwarded-for': address, 'x-forwarded-proto': proto } = upstream.seen[0]?.headers ?? {}
  return [address, proto]
}

test.each([
  ['nobody is trusted', undefined, '6.6.6.6', ['127.0.0.1', 'http']],
  ['another is trusted', ['10.0.0.0/8'], '6.6.6.6', ['127.0.0.1', 'http']],
  ['the peer is trusted', ['127.0.0.1'], '6.6.6.6', ['6.6.6.6', 'https']],
  [
    'what stands left of the first untrusted address was written by anybody',
    ['127.0.0.0/8', '10.0.0.0/8'],
    '9.9.9.9, 6.6.6.6, 10.1.2.3',
    ['6.6.6.6', 'https'],
  ],
  ['all are trusted', ['127.0.0.0/8', '10.0.0.0/8'], '10.9.9.9, 10.1.2.3', ['10.9.9.9', 'https']],
  [
    'ports and brackets',
    ['127.0.0.1', '10.0.0.0/8'],
    '6.6.6.6:1234, [::ffff:10.1.2.3]:99',
    ['6.6.6.6', 'https'],
  ],
  ['IPv6', ['127.0.0.1', 'fd00::/8'], '2001:db8::1, fd00::2', ['2001:db8::1', 'https']],
  ['what is no address ends the walk', ['127.0.0.1'], '6.6.6.6, unknown', ['127.0.0.1', 'https']],
  ['nothing is told', ['127.0.0.1'], '', ['127.0.0.1', 'https']],
])('GW-17 %s', async (_what, trusted, forwarded, expected) => {
  const headers = { 'x-forwarded-for': forwarded, 'x-forwarded-proto': 'https' }
  expect(await clientBy(trusted, headers)).toEqual(expected)
})

test.each(['10.0.0.0/33', 'localhost', '10.0.0.0/', '::1/129'])('GW-02 %s is no network', (network) => {
  const read = () => readProxyConfiguration({ TrustedProxies: [network] }, { authorizationPolicies: [] })
  expect(read).toThrow(`TrustedProxies has one that is no network (${network})`)
})
