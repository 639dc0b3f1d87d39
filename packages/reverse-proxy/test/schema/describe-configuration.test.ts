import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { describeConfiguration } from '#src/index.ts'

// biome-ignore lint/suspicious/noExplicitAny: JSON schemas are walked
type Json = Record<string, any>

const { schema, keys } = describeConfiguration({})

test('GW-01 every key has a description, and no description is left over', () => {
  expect(keys.filter(({ description }) => description.length < 8)).toEqual([])
  expect(() => describeConfiguration({}, { 'Routes.*.Nothing': 'Nothing.' })).toThrow(
    'These descriptions have no key: Routes.*.Nothing',
  )
  const Authorization = (_name: string, policy: { text(key: string): unknown }) => policy.text('Own')
  expect(() => describeConfiguration({ policyReaders: { Authorization } })).toThrow(
    'These keys have no description: Policies.Authorization.*.Own',
  )
})

test('the reference tells kind, default and what is required, with what is within a key behind it', () => {
  const find = (path: string) => keys.find((key) => key.path === path)
  expect(find('Clusters.*.HealthCheck.Active.Interval')).toMatchObject({ kind: 'time', default: '00:00:15' })
  expect(find('Routes.*.ClusterId')).toMatchObject({ kind: 'text', isRequired: true, default: undefined })
  expect(find('Clusters.*.Resilience.Retry.Attempts')?.kind).toBe('whole number, 2 to 10')
  const paths = keys.map(({ path }) => path)
  expect(paths[0]).toBe('Routes')
  expect(paths.indexOf('Policies.Timeout.*.Timeout')).toBe(paths.indexOf('Policies.Timeout') + 1)
})

test('a transform of the app’s own is one more alternative', () => {
  const customTransforms = new Map([['Tenant', () => ({})]])
  const described = describeConfiguration({ customTransforms }, ownDescriptions)
  const alternatives = alternativesOf((described.schema as Json).properties.Routes)
  expect(alternatives).toHaveLength(26)
  expect(alternatives.at(-1)).toMatchObject({ title: 'Tenant', required: ['Tenant'] })
  expect(alternatives.at(-1)).not.toHaveProperty('additionalProperties')
})

const ownDescriptions = { 'Routes.*.Transforms[Tenant]': 'Names the tenant.' }
const alternativesOf = (routes: Json): Json[] => routes.additionalProperties.properties.Transforms.items.anyOf

/** The keys that YARP does not have. */
const extensions = [
  'Policies',
  'TrustedProxies',
  'Limits',
  'Listeners',
  'DestinationResolver',
  'Clusters.*.DestinationResolver',
  'Clusters.*.Resilience',
  'Routes.*.Paths',
  'Routes.*.BodyWithoutMeaning',
]

const yarp: Json = JSON.parse(
  readFileSync(new URL('../yarp/ConfigurationSchema.json', import.meta.url), 'utf8'),
).properties.ReverseProxy

/** What YARP's schema takes at some place and ours does not, or has and YARP's has not. */
function differences(ours: Json, theirs: Json, path: string): string[] {
  if (Object.keys(ours).every((key) => key === 'description')) return []
  const types = typesOf(theirs).filter((type) => !typesOf(ours).includes(type))
  const choices = choicesOf(theirs).filter((choice) => !takes(ours, choice))
  const own = [...types, ...choices].map((what) => `${path} does not take ${what}`)
  const named = theirs.patternProperties?.['.']
  return [
    ...own,
    ...membersOf(ours, theirs, path),
    ...(named ? differences(ours.additionalProperties, named, `${path}.*`) : []),
    ...(theirs.items ? itemsOf(ours.items, theirs.items, `${path}[]`) : []),
  ]
}

function membersOf(ours: Json, theirs: Json, path: string): string[] {
  const [mine, known] = [ours.properties ?? {}, theirs.properties ?? {}]
  const pathOf = (key: string) => `${path}.${key}`.slice(1)
  const missing = Object.keys(known).filter((key) => !Object.hasOwn(mine, key))
  const isExtension = (key: string) => extensions.includes(pathOf(key)) || ours.additionalProperties !== false
  const further = Object.keys(mine).filter((key) => !Object.hasOwn(known, key) && !isExtension(key))
  const required = (ours.required ?? []).filter((key: string) => !theirs.required?.includes(key))
  return [
    ...missing.map((key) => `${pathOf(key)} is missing`),
    ...(path === '' || theirs.properties ? further.map((key) => `${pathOf(key)} is not YARP’s`) : []),
    ...required.map((key: string) => `${pathOf(key)} is required`),
    ...Object.keys(known)
      .filter((key) => Object.hasOwn(mine, key))
      .flatMap((key) => differences(mine[key], known[key], `${path}.${key}`)),
  ]
}

function itemsOf(ours: Json, theirs: Json, path: string): string[] {
  if (!ours.anyOf) return differences(ours, theirs, path)
  // The first of YARP's alternatives stands for transforms that code registers.
  return (theirs.anyOf as Json[]).slice(1).flatMap((alternative) => {
    const [key] = alternative.required ?? alternative.anyOf[0].required
    const own = (ours.anyOf as Json[]).find(({ title }) => title === key)
    return own
      ? differences(
          own,
          { ...alternative, anyOf: undefined, required: alternative.required ?? [key] },
          `${path}(${key})`,
        )
      : [`${path} lacks ${key}`]
  })
}

const partsOf = (schema: Json): Json[] => [schema, ...((schema.anyOf as Json[] | undefined) ?? [])]

function typesOf(schema: Json): string[] {
  return partsOf(schema).flatMap(({ type, enum: values }) => {
    const named = [type ?? []].flat().map((one) => (one === 'integer' ? 'number' : one))
    const chosen = (values ?? []).map((value: unknown) => (value === null ? 'null' : typeof value))
    return type === undefined ? chosen : named
  })
}

const choicesOf = (schema: Json): unknown[] => partsOf(schema).flatMap(({ enum: values }) => values ?? [])

function takes({ enum: values, type, pattern = '' }: Json, choice: unknown): boolean {
  return values
    ? values.includes(choice)
    : [type].flat().includes('string') && RegExp(pattern).test(`${choice}`)
}

test('GW-01 without our extensions, the schema takes what YARP’s own takes', () => {
  // It lets a list stand in the list of methods, which means to say that there may be no list.
  const slips = ['array', 'null'].map((type) => `.Routes.*.Match.Methods[] does not take ${type}`)
  expect(differences(schema, yarp, '')).toEqual(slips)
})
