import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { overlayEnvironment, parseRelaxedJson, readProxyConfiguration } from '#src/index.ts'

// biome-ignore lint/suspicious/noExplicitAny: a JSON schema is walked
type Json = Record<string, any>

const folder = new URL('../yarp/', import.meta.url)
const read = (file: string) => parseRelaxedJson(readFileSync(new URL(file, folder), 'utf8')) as Json
const samples = readdirSync(folder).filter((file) => file.endsWith('.appsettings.json'))

/** What the samples’ own code registers. */
const options = {
  authorizationPolicies: ['myPolicy'],
  customTransforms: new Map([['CustomTransform', () => ({})]]),
}

test.each(samples)('GW-01 the sample %s loads as it is', (file) => {
  // One address stands for a variable, which that sample’s code puts in; here the environment does.
  const address = 'ReverseProxy__Clusters__cluster1__Destinations__cluster1/destination1__Address'
  const overlay = file.includes('ConfigFilter') ? { [address]: 'https://contoso.test/' } : {}
  const { ReverseProxy } = overlayEnvironment(read(file), overlay)
  const { routes, clusters } = readProxyConfiguration(ReverseProxy, options)
  expect(routes.length).toBeGreaterThan(0)
  expect(clusters.size).toBeGreaterThan(0)
})

test('GW-02 a policy that only code makes is named where nobody registers it', () => {
  const { ReverseProxy } = read('ReverseProxy.Auth.Sample.appsettings.json')
  expect(() => readProxyConfiguration(ReverseProxy, { authorizationPolicies: [] })).toThrow(
    'Routes.ClaimsAuthRoute.AuthorizationPolicy names no policy (myPolicy)',
  )
})

/** What is right for keys whose schema says only «text». */
const texts: Json = {
  ...{ ClusterId: 'c', AuthorizationPolicy: 'myPolicy', CorsPolicy: 'Disable', RateLimiterPolicy: 'Disable' },
  ...{ OutputCachePolicy: 'short', Path: '/p', Address: 'https://d.test/', Health: 'https://d.test/health' },
  ...{
    Host: 'd.test',
    AffinityKeyName: 'aff',
    Domain: 'd.test',
    Query: '?q=1',
    Version: '2',
    Policy: undefined,
  },
  ...{
    RequestHeaderEncoding: 'Latin1',
    ResponseHeaderEncoding: 'utf-8',
    SslProtocols: 'Tls13',
    Forwarded: 'for',
  },
  ...{ Methods: 'GET', Hosts: 'd.test', HttpMethodChange: 'PUT', Set: 'POST', PathPattern: '/a/{b}' },
}
const timeSpans = ['Expiration', 'MaxAge', 'Interval', 'ReactivationPeriod', 'ActivityTimeout', 'Timeout']
/** Faults of .NET’s too, or of what a value means and not of its form. */
const left = ['TimeoutPolicy', 'UseDefaultCredentials', 'FailurePolicy']

function sampleOf(schema: Json, key: string): unknown {
  if (timeSpans.includes(key)) return '00:01:00'
  if (schema.enum) return schema.enum[0]
  if (key in texts)
    return [schema.type].flat().includes('array') || key === 'Methods' ? [texts[key]] : texts[key]
  if (schema.anyOf && !schema.properties) return sampleOf(schema.anyOf[0], key)
  const type = [schema.type].flat()[0]
  if (type === 'boolean') return true
  if (type === 'number') return 7
  if (type === 'array') return [sampleOf(schema.items, key)]
  if (type === 'object') return sampleObject(schema)
  return 'x'
}

function sampleObject(schema: Json): Json {
  const members = Object.entries(schema.properties ?? {}).filter(([key]) => !left.includes(key))
  const sampled = members.map(([key, member]) => [key, sampleOf(member as Json, key)])
  const [named] = Object.values(schema.patternProperties ?? {})
  if (named) sampled.push(['c', sampleOf(named as Json, '')])
  return Object.fromEntries(sampled)
}

const { ReverseProxy: schema } = read('ConfigurationSchema.json').properties
const routeSchema = schema.properties.Routes.patternProperties['.']
const clusterSchema = schema.properties.Clusters.patternProperties['.']

test('GW-01 every key of YARP’s schema is read', () => {
  const { Transforms: _, ...properties } = routeSchema.properties
  const section = {
    Routes: { r: sampleObject({ properties }) },
    Clusters: { c: sampleObject(clusterSchema) },
    Policies: { OutputCache: { Short: { Duration: '00:00:10' } } },
  }
  const { routes, clusters } = readProxyConfiguration(section, options)
  expect(routes[0]).toMatchObject({
    id: 'r',
    order: 7,
    timeoutMilliseconds: 60_000,
    outputCache: { name: 'Short', durationMilliseconds: 10_000, varyByQuery: 'all', maxBytes: 65_536 },
  })
  expect(clusters.get('c')).toMatchObject({
    affinity: { keyName: 'aff', policy: 'HashCookie', cookie: { sameSite: 'Lax' } },
    connection: { version: '2', maximum: 7, verifies: false, tlsVersions: ['TLSv1.3', 'TLSv1.3'] },
  })
})

const transformSchemas = (routeSchema.properties.Transforms.items.anyOf as Json[]).slice(1)
const transforms = transformSchemas.flatMap((one) => {
  const alternatives = (one.anyOf as Json[] | undefined)?.map(({ required }) => required) ?? [
    Object.keys(one.properties),
  ]
  return alternatives.map((keys: string[]) =>
    Object.fromEntries(keys.map((key) => [key, sampleOf(one.properties[key], key)])),
  )
})

test.each(transforms)('GW-12 the transform %j is read', (transform) => {
  const Routes = { r: { ClusterId: 'c', Match: { Path: '/{b}' }, Transforms: [transform] } }
  const Clusters = { c: { Destinations: { d: { Address: 'http://d.test' } } } }
  expect(() => readProxyConfiguration({ Routes, Clusters }, options)).not.toThrow()
})

test('GW-12 there are the 25 transforms of YARP', () => {
  expect(new Set(transforms.map((transform) => Object.keys(transform)[0])).size).toBe(25)
})
