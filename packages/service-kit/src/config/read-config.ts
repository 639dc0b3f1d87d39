import { ConfigError, type ConfigFault } from './config-error.ts'
import type { Variable } from './variable.ts'
import { textOf } from './variable-text.ts'

/** Environment variables as Node gives them. */
export type Environment = Record<string, string | undefined>

/** Where the app runs, from `APP_ENV`. */
export type AppEnvironment = 'development' | 'test' | 'production'

// biome-ignore lint/suspicious/noExplicitAny: a schema holds variables of any type, and each keeps its own
type Schema = Record<string, Variable<any>>

/** The values that a schema reads, by the names of its variables, and warnings about development defaults in use. */
export type Config<S extends Schema> = {
  readonly [Name in keyof S]: S[Name] extends Variable<infer T> ? T : never
} & {
  readonly APP_ENV: AppEnvironment
  /** One sentence for each development default in use. Log them at the start. */
  readonly warnings: readonly string[]
}

const environments: readonly AppEnvironment[] = ['development', 'test', 'production']

/**
 * Reads the environment by a schema, all of it: a fault does not hide the next. `NAME_FILE` names a file that holds the value of `NAME`.
 * @throws {ConfigError} with every fault
 */
export function readConfig<S extends Schema>(schema: S, env: Environment): Config<S> {
  const faults: ConfigFault[] = []
  const warnings: string[] = []
  const environment = environmentOf(env, faults)
  const entries = Object.entries(schema).map(([name, variable]) => {
    const value = readOne({ name, variable, text: textOf(name, env, faults), environment, faults, warnings })
    return [name, value]
  })
  if (faults.length > 0) throw new ConfigError(faults)
  return Object.freeze({ ...Object.fromEntries(entries), APP_ENV: environment, warnings }) as Config<S>
}

function environmentOf(env: Environment, faults: ConfigFault[]): AppEnvironment {
  const text = env.APP_ENV || 'development'
  const environment = environments.find((candidate) => candidate === text)
  if (environment) return environment
  const mend = `Set it to one of: ${environments.join(', ')}`
  faults.push({ variable: 'APP_ENV', reason: 'is not one of its values', mend })
  return 'production'
}

type Task = {
  name: string
  variable: Variable<unknown>
  text: string | undefined
  environment: AppEnvironment
  faults: ConfigFault[]
  warnings: string[]
}

function readOne({ name, variable, text, environment, faults, warnings }: Task): unknown {
  if (text === undefined) return readMissing({ name, variable, text, environment, faults, warnings })
  const reading = variable.read(text)
  if ('reason' in reading) {
    const shown = variable.secret ? '' : ` (it is ${JSON.stringify(text)})`
    faults.push({
      variable: name,
      reason: `${reading.reason}${shown}`,
      mend: `${reading.mend}: ${variable.description}`,
    })
    return undefined
  }
  if (environment === 'production' && isDevelopmentDefault(variable, reading.value)) {
    const mend = `Set one of your own: ${variable.description}`
    faults.push({
      variable: name,
      reason: 'holds the default of development, which production refuses',
      mend,
    })
  }
  return reading.value
}

function isDevelopmentDefault(variable: Variable<unknown>, value: unknown): boolean {
  if (variable.developmentDefault === undefined || !variable.secret) return false
  return JSON.stringify(variable.developmentDefault) === JSON.stringify(value)
}

function readMissing({ name, variable, environment, faults, warnings }: Task): unknown {
  const production = environment === 'production'
  if (variable.default !== undefined) return variable.default
  if (variable.developmentDefault !== undefined && !production) {
    if (environment === 'development')
      warnings.push(`${name} is not set: the default of development is used. Production refuses to start so`)
    return variable.developmentDefault
  }
  if (variable.optional === true || (variable.optional && !production)) return undefined
  const reason = production ? 'is missing, and production has no default for it' : 'is missing'
  faults.push({ variable: name, reason, mend: `Set it: ${variable.description}` })
  return undefined
}
