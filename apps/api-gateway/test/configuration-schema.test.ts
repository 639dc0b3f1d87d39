import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseRelaxedJson } from '@alicerce/reverse-proxy'
import Schema from 'typebox/schema'
import { expect, test } from 'vitest'
import { checkConfiguration } from '#src/check-configuration.ts'
import { configurationSchema } from '#src/describe-configuration.ts'
import { shippedConfiguration, temporaryFolder } from './fixtures.ts'

// biome-ignore lint/suspicious/noExplicitAny: tests write wrong configurations on purpose
type Json = Record<string, any>

const validator = Schema.Compile(configurationSchema() as never)
const samples = new URL('../../../packages/reverse-proxy/test/yarp/', import.meta.url)

/** Whether the readers take a configuration. */
function isRead(configuration: Json): boolean {
  const file = join(temporaryFolder(), 'gateway.json')
  writeFileSync(file, JSON.stringify(configuration))
  return checkConfiguration(file, {}).isRight
}

test('the shipped configuration names the schema, and is what it says', () => {
  const shipped = JSON.parse(shippedConfiguration)
  expect(shipped.$schema).toBe('./gateway.schema.json')
  expect(validator.Errors(shipped)[1]).toEqual([])
  expect(isRead(shipped)).toBe(true)
})

test.each(readdirSync(samples).filter((file) => file.endsWith('.appsettings.json')))(
  'GW-01 the sample %s is what the schema says',
  (file) => {
    const sample = parseRelaxedJson(readFileSync(new URL(file, samples), 'utf8')) as Json
    // What its own code registers, ours does not know.
    for (const route of Object.values(sample.ReverseProxy.Routes) as Json[])
      route.Transforms = route.Transforms?.filter((transform: Json) => !('CustomTransform' in transform))
    expect(validator.Errors(sample)[1]).toEqual([])
  },
)

const section = (change: (section: Json) => void): Json => {
  const route = { ClusterId: 'c', Match: { Path: '/' } }
  const sample: Json = {
    Routes: { r: route },
    Clusters: { c: { Destinations: { d: { Address: 'http://d.test' } } } },
    Policies: {
      Authorization: { p: { Scopes: ['a'], User: true } },
      Timeout: { t: { Timeout: '00:01:00' } },
    },
    TrustedProxies: ['10.0.0.0/8'],
  }
  change(sample)
  return { ReverseProxy: sample, Logging: { LogLevel: {} } }
}

test.each<[string, (section: Json) => void]>([
  ['nothing of the kind', () => {}],
  [
    'a flag in a text',
    ({ Clusters }) => Object.assign(Clusters.c, { HealthCheck: { Active: { Enabled: 'True' } } }),
  ],
  ['a number in a text', ({ Routes }) => Object.assign(Routes.r, { Order: '-1' })],
  ['a time of days', ({ Routes }) => Object.assign(Routes.r, { Timeout: '1.00:00:0.5' })],
  ['null for what is not set', ({ Routes }) => Object.assign(Routes.r, { Timeout: null, CorsPolicy: null })],
  [
    'a header that is cleared',
    ({ Routes }) => Object.assign(Routes.r, { Transforms: [{ RequestHeader: 'a', Set: '' }] }),
  ],
])('reader and schema both take %s', (_what, change) => {
  expect([isRead(section(change)), validator.Check(section(change))]).toEqual([true, true])
})

test.each<[string, (section: Json) => void]>([
  ['a misspelt key of a route', ({ Routes }) => Object.assign(Routes.r, { AuthorizationPolcy: 'p' })],
  ['a misspelt key beside Routes', (sample) => Object.assign(sample, { TrustedProxy: [] })],
  ['a misspelt key of a policy', ({ Policies }) => Object.assign(Policies.Authorization.p, { Scope: ['a'] })],
  ['a misspelt kind of policies', ({ Policies }) => Object.assign(Policies, { Csrf: {} })],
  ['a text for a list', ({ Policies }) => Object.assign(Policies.Authorization.p, { Scopes: 'a' })],
  ['a number for a text', ({ Routes }) => Object.assign(Routes.r, { ClusterId: 1 })],
  ['a text that is no number', ({ Routes }) => Object.assign(Routes.r, { Order: 'first' })],
  ['a text that is no flag', ({ Policies }) => Object.assign(Policies.Authorization.p, { User: 'yes' })],
  ['a part of a byte', ({ Routes }) => Object.assign(Routes.r, { MaxRequestBodySize: 1.5 })],
  [
    'a number out of its range',
    ({ Clusters }) => Object.assign(Clusters.c, { Resilience: { Retry: { Attempts: 1 } } }),
  ],
  ['no time', ({ Routes }) => Object.assign(Routes.r, { Timeout: '00:00:00' })],
  ['an hour too much', ({ Routes }) => Object.assign(Routes.r, { Timeout: '24:00:00' })],
  ['a bad choice', ({ Clusters }) => Object.assign(Clusters.c, { LoadBalancingPolicy: 'Fastest' })],
  ['an unknown method', ({ Routes }) => Object.assign(Routes.r.Match, { Methods: ['FETCH'] })],
  ['a cluster that is missing', ({ Routes }) => Object.assign(Routes.r, { ClusterId: null })],
  ['an empty name', ({ Routes }) => Object.assign(Routes.r, { ClusterId: '' })],
  ['a match of nothing', ({ Routes }) => Object.assign(Routes.r, { Match: {} })],
  ['an unknown transform', ({ Routes }) => Object.assign(Routes.r, { Transforms: [{ PathSett: '/' }] })],
  ['half a transform', ({ Routes }) => Object.assign(Routes.r, { Transforms: [{ RequestHeader: 'a' }] })],
  [
    'two transforms in one',
    ({ Routes }) => Object.assign(Routes.r, { Transforms: [{ PathSet: '/', PathPrefix: '/' }] }),
  ],
  ['a list for a section', ({ Clusters }) => Object.assign(Clusters, { c: [] })],
])('reader and schema both refuse %s', (_what, change) => {
  expect([isRead(section(change)), validator.Check(section(change))]).toEqual([false, false])
})

test('a file without the section is refused by both', () => {
  expect([isRead({ Routes: {} }), validator.Check({ Routes: {} })]).toEqual([false, false])
})
