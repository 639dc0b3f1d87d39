import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { ConfigError, cacheVariables, commonVariables, readConfig, variable } from '#src/index.ts'

const schema = {
  ...commonVariables({ port: 8092, adminPort: 9092 }),
  DATABASE_URL: variable.secretUrl({ description: 'the database' }),
  COOKIE_KEYS: variable.secretList({ description: 'keys', developmentDefault: ['insecure'] }),
  COUNT: variable.integer({ description: 'a number', default: 3, maximum: 10 }),
  TRUST_PROXY: variable.boolean({ description: 'behind a proxy', default: false }),
}
const complete = { DATABASE_URL: 'postgres://a:hunter2@db/x' }

function faultsOf(env: Record<string, string>): ConfigError {
  try {
    readConfig(schema, env)
  } catch (error) {
    if (error instanceof ConfigError) return error
    throw error
  }
  throw new Error('There is no fault')
}

test('values are read into their types, and defaults are filled in', () => {
  const config = readConfig(schema, {
    ...complete,
    APP_ENV: 'test',
    PORT: '81',
    TRUST_PROXY: 'true',
    COUNT: '',
  })
  expect(config).toMatchObject({ PORT: 81, TRUST_PROXY: true, COUNT: 3, HOST: '127.0.0.1', APP_ENV: 'test' })
  expect(config.REDIS_URL).toBeUndefined()
  expect(Object.isFrozen(config)).toBe(true)
})

test('SV-36 every fault is told at once, with its mend', () => {
  const error = faultsOf({ PORT: 'eighty', TRUST_PROXY: 'maybe', COUNT: '11', LOG_LEVEL: 'loud' })
  const variables = error.faults.map((fault) => fault.variable)
  expect(variables.sort()).toEqual(['COUNT', 'DATABASE_URL', 'LOG_LEVEL', 'PORT', 'TRUST_PROXY'])
  expect(error.message).toContain('PORT is not a whole number in its range (it is "eighty")')
  expect(error.message).toContain('DATABASE_URL is missing. Set it: the database')
})

test('SV-32 a fault never shows a secret', () => {
  expect(faultsOf({ DATABASE_URL: 'hunter2' }).message).not.toContain('hunter2')
})

test('SV-36 a list of URLs is read, and one that holds something else is a fault that shows none of them', () => {
  const read = (CACHE_CLUSTER_URLS: string) => readConfig(cacheVariables, { CACHE_CLUSTER_URLS })
  const urls = ['redis://:hunter2@one:6379', 'redis://two:6379']
  expect(read(urls.join(' , ')).CACHE_CLUSTER_URLS).toEqual(urls)
  expect(read('').CACHE_CLUSTER_URLS).toBeUndefined()
  expect(() => read(',')).toThrow('CACHE_CLUSTER_URLS names no URL')
  const readNonsense = () => read(`${urls[0]}, two`)
  expect(readNonsense).toThrow(/CACHE_CLUSTER_URLS holds something that is not a URL.*Redis Cluster/)
  expect(readNonsense).not.toThrow('hunter2')
})

test('a default of development shouts in development', () => {
  const { warnings, COOKIE_KEYS } = readConfig(schema, complete)
  expect(COOKIE_KEYS).toEqual(['insecure'])
  expect(warnings).toEqual([expect.stringContaining('COOKIE_KEYS')])
})

test('SV-36 production refuses defaults of development, also when they are set by hand', () => {
  const env = { ...complete, APP_ENV: 'production' }
  expect(faultsOf(env).faults.map(({ variable }) => variable)).toEqual(['REDIS_URL', 'COOKIE_KEYS'])
  const copied = { ...env, REDIS_URL: 'redis://r', COOKIE_KEYS: 'insecure' }
  expect(faultsOf(copied).message).toContain('COOKIE_KEYS holds the default of development')
})

test('NAME_FILE names a file that holds the value, as orchestrators mount secrets', () => {
  const file = join(mkdtempSync(join(tmpdir(), 'secret-')), 'key')
  writeFileSync(file, 'from a file\n')
  const schema = { KEY: variable.secret({ description: 'a key' }) }
  expect(readConfig(schema, { APP_ENV: 'production', KEY_FILE: file }).KEY).toBe('from a file')
  expect(() => readConfig(schema, { KEY_FILE: file, KEY: 'too' })).toThrow(/KEY_FILE/)
  expect(() => readConfig(schema, { KEY_FILE: `${file}-missing` })).toThrow(/KEY_FILE .*cannot be read/)
})
