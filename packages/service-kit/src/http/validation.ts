import type { ErrorObject } from 'ajv'
import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import type { FastifySchemaCompiler } from 'fastify'
import type { ProblemFault } from '#src/problem/problem.ts'
import { closeSchema, type JsonSchema } from './schema.ts'

const common = { allErrors: true, verbose: true, useDefaults: true, strict: false } as const

/**
 * Compiles the contracts of routes. A body is taken as it is; parameters arrive as texts and are turned into what the contract says.
 * All faults are reported, not only the first.
 */
export function createValidatorCompiler(): FastifySchemaCompiler<unknown> {
  const strict = withFormats(new Ajv2020(common))
  const coercing = withFormats(new Ajv2020({ ...common, coerceTypes: 'array' }))
  return ({ schema, httpPart }) => {
    const closed = httpPart === 'headers' ? (schema as JsonSchema) : closeSchema(schema as JsonSchema)
    return (httpPart === 'body' ? strict : coercing).compile(closed)
  }
}

/** Compiles the check of a response: nothing undeclared may be in it. */
export function createResponseCompiler(): (schema: JsonSchema) => (body: unknown) => string | undefined {
  const ajv = withFormats(new Ajv2020({ ...common, useDefaults: false }))
  return (schema) => {
    const validate = ajv.compile(closeSchema(schema))
    return (body) => (validate(body) ? undefined : ajv.errorsText(validate.errors, { dataVar: 'body' }))
  }
}

function withFormats(ajv: Ajv2020): Ajv2020 {
  // CommonJS: the function is the module's default for Node, and its namespace for the types.
  ;(addFormats as unknown as (ajv: Ajv2020) => void)(ajv)
  return ajv
}

/** Ajv's errors as faults that a form can put on its fields. `part` is where Fastify found them. */
export function faultsOf(errors: readonly ErrorObject[], part: string): ProblemFault[] {
  const choices = errors.filter(isChoice)
  const told = errors.filter(
    (error) =>
      !choices.some((choice) => error !== choice && error.schemaPath.startsWith(`${choice.schemaPath}/`)),
  )
  const faults = told.map((error) => faultOf(error, part))
  return [...new Map(faults.map((fault) => [JSON.stringify(fault), fault])).values()]
}

/** A union: each of its members complains, and one sentence says it better. */
function isChoice(error: ErrorObject): boolean {
  return error.keyword === 'anyOf' && constantsOf(error) !== undefined
}

function constantsOf(error: ErrorObject): unknown[] | undefined {
  const members = error.schema as JsonSchema[]
  return members.every((member) => 'const' in member) ? members.map((member) => member.const) : undefined
}

function faultOf(error: ErrorObject, part: string): ProblemFault {
  const missing =
    error.params.missingProperty ?? error.params.additionalProperty ?? error.params.unevaluatedProperty
  const path = missing === undefined ? error.instancePath : `${error.instancePath}/${escapePointer(missing)}`
  const detail = detailOf(error)
  if (part === 'body') return { pointer: `#${encodeURI(path)}`, detail }
  return { parameter: path.split('/')[1] ?? '', detail }
}

function detailOf(error: ErrorObject): string {
  const known = Object.keys((error.parentSchema?.properties as object | undefined) ?? {})
  switch (error.keyword) {
    case 'required':
      return 'is required'
    case 'additionalProperties':
    case 'unevaluatedProperties':
      return known.length > 0 ? `is not known here. Known are: ${known.join(', ')}` : 'is not known here'
    case 'enum':
      return `must be one of: ${(error.schema as unknown[]).join(', ')}`
    case 'const':
      return `must be ${JSON.stringify(error.schema)}`
    case 'anyOf': {
      const constants = constantsOf(error)
      return constants ? `must be one of: ${constants.join(', ')}` : (error.message ?? 'is not valid')
    }
    default:
      return error.message ?? 'is not valid'
  }
}

/** RFC 6901 §3. */
function escapePointer(name: string): string {
  return name.replaceAll('~', '~0').replaceAll('/', '~1')
}
