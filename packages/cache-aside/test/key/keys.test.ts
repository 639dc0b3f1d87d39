import fc from 'fast-check'
import { Type } from 'typebox'
import { expect, test } from 'vitest'
import { createCache, memoryStore } from '#src/index.ts'
import { createKeys } from '#src/key/keys.ts'

const schema = Type.Object({ id: Type.String() })
const keyOf = createKeys({ namespace: 'orders', className: 'order', schema })
const anyId = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: 'binary', minLength: 150, maxLength: 400 }),
  fc.array(fc.integer({ min: 0xd7ff, max: 0xe000 })).map((units) => String.fromCharCode(...units)),
)

test('CA-26 CA-27 a key names namespace, class, schema and id', () => {
  expect(keyOf('a')).toMatch(/^orders:order:[\w-]{8}:\{a\}$/)
})

test('CA-27 another schema makes other keys', () => {
  const changed = Type.Object({ id: Type.String(), name: Type.String() })
  expect(createKeys({ namespace: 'orders', className: 'order', schema: changed })('a')).not.toBe(keyOf('a'))
})

test('CA-28 no id chooses a hash tag or another class, and none makes a key long', () => {
  fc.assert(
    fc.property(anyId, (id) => {
      const key = keyOf(id)
      expect(key.length).toBeLessThanOrEqual(260)
      expect(key).toMatch(/^orders:order:[\w-]{8}:\{[^{}:]*\}$/)
    }),
  )
})

test('CA-28 different ids have different keys, broken Unicode included', () => {
  fc.assert(fc.property(anyId, anyId, (one, other) => one === other || keyOf(one) !== keyOf(other)))
})

test('CA-28 nobody can name the hash of a long id', () => {
  const hash = /\{(.*)\}/.exec(keyOf('x'.repeat(1000)))?.[1] as string
  expect(keyOf(hash)).not.toBe(keyOf('x'.repeat(1000)))
  expect(keyOf(hash.slice(1))).not.toBe(keyOf('x'.repeat(1000)))
})

test('CA-25 names that could be taken for another part of a key, and names taken before, fail at definition', () => {
  const log = { warn() {} }
  for (const namespace of ['', 'a.b', 'a:b', '{a}', 'ä'])
    expect(() => createCache({ namespace, store: memoryStore(), log })).toThrow(TypeError)
  const cache = createCache({ namespace: 'orders', store: memoryStore(), log })
  const definition = { name: 'order', schema, key: String, load: async () => undefined, ttl: 1000 }
  cache.define(definition)
  expect(() => cache.define(definition)).toThrow('already')
  expect(() => cache.define({ ...definition, name: 'a:b' })).toThrow(TypeError)
  expect(() => cache.define({ ...definition, name: 'other', ttl: 0 })).toThrow('ttl')
  expect(() => cache.define({ ...definition, name: 'other', jitter: 1 })).toThrow('jitter')
})
