import { formatTimeSpan, timeSpanPattern } from '#src/configuration/time-span.ts'
import { numberPattern } from '#src/configuration/written-section.ts'
import type { RecordedKey, RecordedKeys } from './recorded-keys.ts'

/** A JSON schema (draft 7, which editors complete best). */
export type JsonSchema = Record<string, unknown>

type Describe = (path: string) => string

/** The schema of a section. A key that must be there may not be `null`, since that is to say that it is not set. */
export function sectionSchema(section: RecordedKeys, path: string, describe: Describe): JsonSchema {
  const [required, alternatives] = [
    section.required.filter(({ length }) => length === 1).flat(),
    section.required.filter(({ length }) => length > 1),
  ]
  const properties = [...section.keys].map(([name, key]) => {
    const own = path === '' ? name : `${path}.${name}`
    const schema = keySchema(key, own, describe)
    return [name, { description: describe(own), ...(required.includes(name) ? mustBeSet(schema) : schema) }]
  })
  return {
    type: 'object',
    properties: Object.fromEntries(properties),
    ...(required.length > 0 && { required }),
    ...(alternatives.length > 0 && {
      allOf: alternatives.map((keys) => ({ anyOf: keys.map((key) => ({ required: [key] })) })),
    }),
    ...(!section.isOpen && { additionalProperties: false }),
  }
}

function keySchema(key: RecordedKey, path: string, describe: Describe): JsonSchema {
  if (key.kind === 'any') return {}
  if (key.kind === 'section') return orNull(sectionSchema(key.section, path, describe))
  if (key.kind === 'named')
    return {
      type: ['object', 'null'],
      additionalProperties: sectionSchema(key.section, `${path}.*`, describe),
    }
  if (key.kind === 'sections')
    return { type: ['array', 'null'], items: sectionSchema(key.section, `${path}[]`, describe) }
  if (key.kind === 'alternatives') return alternativesSchema(key.sections, path, describe)
  const fallback = defaultOf(key)
  return { ...valueSchema(key), ...(fallback !== undefined && { default: fallback }) }
}

/** The key that makes an entry what it is has the description of the whole. */
function alternativesSchema(
  sections: ReadonlyMap<string, RecordedKeys>,
  path: string,
  describe: Describe,
): JsonSchema {
  const anyOf = [...sections].map(([name, section]) => {
    const own = `${path}[${name}]`
    const schema = sectionSchema(section, own, (key) => describe(key === `${own}.${name}` ? own : key))
    return { title: name, description: describe(own), ...schema }
  })
  return { type: ['array', 'null'], items: { anyOf } }
}

type Value = Exclude<RecordedKey, { kind: 'any' | 'section' | 'named' | 'sections' | 'alternatives' }>

function valueSchema(key: Value): JsonSchema {
  switch (key.kind) {
    case 'text':
      return { type: ['string', 'null'] }
    case 'boolean':
      return { type: ['boolean', 'string', 'null'], pattern: '^(?:[Tt]rue|[Ff]alse)$' }
    case 'number':
      return { type: ['number', 'string', 'null'], pattern: numberPattern }
    case 'share':
      return { ...valueSchema({ kind: 'number' }), exclusiveMinimum: 0, maximum: 1 }
    case 'whole': {
      const { least, most } = key.range
      const range = { minimum: least, ...(most !== undefined && { maximum: most }) }
      return { ...valueSchema({ kind: 'number' }), type: ['integer', 'string', 'null'], ...range }
    }
    case 'timeSpan':
      return { type: ['string', 'null'], pattern: timeSpanPattern }
    case 'choice':
      return { enum: [...key.values, null] }
    case 'choices':
      return { type: ['array', 'null'], items: { enum: key.values } }
    case 'texts':
      return { type: ['array', 'null'], items: { type: 'string' } }
    case 'numbers':
      return { type: ['array', 'null'], items: { type: 'number' } }
  }
}

/** As it is written in a configuration; `undefined` where there is none, or an empty one. */
export function defaultOf(key: RecordedKey): unknown {
  const fallback = 'fallback' in key ? key.fallback : undefined
  if (fallback === '' || (Array.isArray(fallback) && fallback.length === 0)) return undefined
  return key.kind === 'timeSpan' && fallback !== undefined ? formatTimeSpan(Number(fallback)) : fallback
}

const orNull = (schema: JsonSchema): JsonSchema => ({ ...schema, type: ['object', 'null'] })

function mustBeSet(schema: JsonSchema): JsonSchema {
  const { default: _, ...rest } = schema
  const types = Array.isArray(schema.type) ? schema.type.filter((type) => type !== 'null') : []
  const [only] = types
  return {
    ...rest,
    ...(types.length > 0 && { type: types.length === 1 ? only : types }),
    ...(Array.isArray(schema.enum) && { enum: schema.enum.filter((value) => value !== null) }),
    ...(only === 'string' && { minLength: 1 }),
  }
}
