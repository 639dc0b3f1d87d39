import { expect, test } from 'vitest'
import { readProxyConfiguration } from '#src/index.ts'

const readPolicy = (policy: unknown, name = 'p') =>
  readProxyConfiguration(
    {
      Policies: { OutputCache: { [name]: policy } },
      Routes: { r: { ClusterId: 'c', OutputCachePolicy: 'P', Match: { Path: '/' } } },
      Clusters: { c: { Destinations: { d: { Address: 'http://d.test' } } } },
    },
    { authorizationPolicies: [] },
  ).routes[0]?.outputCache

test('GW-46 a policy that says nothing keeps what the service says, by the whole query, up to 64 KiB', () => {
  expect(readPolicy({})).toEqual({
    ...{ name: 'p', durationMilliseconds: undefined, varyByHeaders: [], varyByQuery: 'all' },
    ...{
      varyByUser: false,
      maxBytes: 65_536,
      staleWhileRevalidateMilliseconds: 0,
      staleIfErrorMilliseconds: 0,
    },
  })
})

test('GW-46 a policy is read whole', () => {
  const policy = {
    ...{ Duration: '00:00:10', VaryByHeaders: ['Accept-Language'], VaryByQuery: ['Page'] },
    ...{ VaryByUser: 'true', MaxBytes: 1000, StaleWhileRevalidate: '00:00:30', StaleIfError: '01:00:00' },
  }
  expect(readPolicy(policy)).toEqual({
    ...{ name: 'p', durationMilliseconds: 10_000, varyByHeaders: ['accept-language'] },
    ...{ varyByQuery: new Set(['page']), varyByUser: true, maxBytes: 1000 },
    ...{ staleWhileRevalidateMilliseconds: 30_000, staleIfErrorMilliseconds: 3_600_000 },
  })
})

test.each([
  [
    { Duration: 10 },
    'Policies.OutputCache.p.Duration has a value that it cannot have',
    'Set it to a time above zero',
  ],
  [{ Duratoin: '00:00:10' }, 'Policies.OutputCache.p.Duratoin is not known here', 'Did you mean Duration?'],
  [
    { VaryByHeaders: ['*'] },
    'Policies.OutputCache.p.VaryByHeaders has one that is no header (*)',
    'Write names',
  ],
  [
    { VaryByHeaders: ['a b'] },
    'Policies.OutputCache.p.VaryByHeaders has one that is no header (a b)',
    'Write names',
  ],
  [
    { VaryByQuery: ['*', 'a'] },
    'Policies.OutputCache.p.VaryByQuery has * beside others',
    'Keep * or the names',
  ],
  [{ VaryByQuery: 'a' }, 'Policies.OutputCache.p.VaryByQuery has a value', 'Set it to a list of texts'],
  [{ VaryByUser: 'yes' }, 'Policies.OutputCache.p.VaryByUser has a value', 'Set it to true or false'],
  [{ MaxBytes: 0 }, 'Policies.OutputCache.p.MaxBytes has a value', 'Set it to a whole number, 1 or more'],
  [{ MaxBytes: 1.5 }, 'Policies.OutputCache.p.MaxBytes has a value', 'Set it to a whole number, 1 or more'],
  [[], 'Policies.OutputCache.p is not an object', 'Write { … } here'],
])('GW-02 %j is a fault', (policy, reason, mend) => {
  expect(() => readPolicy(policy)).toThrow(reason)
  expect(() => readPolicy(policy)).toThrow(mend)
})

test('GW-02 a policy that nobody defines is a fault of the route', () => {
  expect(() => readPolicy({}, 'q')).toThrow('Routes.r.OutputCachePolicy names no policy (P)')
})
