/** A JSON Schema, as far as this package looks into it. */
export type JsonSchema = { [keyword: string]: unknown }

const single = ['additionalProperties', 'items', 'not', 'contains', 'propertyNames', 'if', 'then', 'else']
const lists = ['anyOf', 'oneOf', 'allOf', 'prefixItems']
const maps = ['properties', 'patternProperties', '$defs']

/** Rebuilds a schema with `change` applied to each schema in it, innermost first. */
export function mapSchema(schema: JsonSchema, change: (schema: JsonSchema) => JsonSchema): JsonSchema {
  const inner = (value: unknown) => (isSchema(value) ? mapSchema(value, change) : value)
  const copy: JsonSchema = { ...schema }
  for (const keyword of single) if (isSchema(copy[keyword])) copy[keyword] = inner(copy[keyword])
  for (const keyword of lists) {
    const list = copy[keyword]
    if (Array.isArray(list)) copy[keyword] = list.map(inner)
  }
  for (const keyword of maps) {
    const map = copy[keyword]
    if (isSchema(map))
      copy[keyword] = Object.fromEntries(Object.entries(map).map(([name, value]) => [name, inner(value)]))
  }
  return change(copy)
}

/**
 * The schema with its objects closed: a property that is not declared is refused, not dropped (SV-04). Objects that say
 * `additionalProperties` themselves stay as they are, and so do the parts of an `allOf`, which would refuse each other's properties.
 */
export function closeSchema(schema: JsonSchema): JsonSchema {
  return mapSchema(schema, (part) => {
    const open = part.type === 'object' && part.properties && !('additionalProperties' in part)
    const closed = open ? { ...part, additionalProperties: false } : part
    if (!Array.isArray(closed.allOf)) return closed
    const parts = (closed.allOf as JsonSchema[]).map(({ additionalProperties, ...rest }) =>
      additionalProperties === false
        ? rest
        : { ...rest, ...(additionalProperties !== undefined && { additionalProperties }) },
    )
    return { ...closed, allOf: parts, unevaluatedProperties: false }
  })
}

function isSchema(value: unknown): value is JsonSchema {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
