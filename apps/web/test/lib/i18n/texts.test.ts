import { globSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { english } from '#src/lib/i18n/en.ts'
import { portuguese } from '#src/lib/i18n/pt-br.ts'

/** `{ 'orders.title': 'Order {{number}}', … }` */
function flat(texts: object, path = ''): Record<string, string> {
  return Object.assign(
    {},
    ...Object.entries(texts).map(([key, value]) =>
      typeof value === 'string' ? { [path + key]: value } : flat(value, `${path}${key}.`),
    ),
  )
}

const placeholders = (text: string | undefined) => [...(text ?? '').matchAll(/{{\w+}}/g)].map(String).sort()
const en = flat(english)
const pt = flat(portuguese)

test('PR-16 every language has every text, and none is empty', () => {
  expect(Object.keys(pt).sort()).toEqual(Object.keys(en).sort())
  for (const [key, text] of Object.entries({ ...en, ...pt })) expect(text.trim(), key).not.toBe('')
})

test('a translation speaks of the same values', () => {
  for (const key of Object.keys(en)) expect(placeholders(pt[key]), key).toEqual(placeholders(en[key]))
})

test('every key that the app names exists', () => {
  const source = fileURLToPath(new URL('../../../src', import.meta.url))
  for (const file of globSync(`${source}/**/*.{ts,tsx}`)) {
    for (const [, key = ''] of readFileSync(file, 'utf8').matchAll(/\bt\('([\w.]+)'/g)) {
      const exists = key in en || `${key}_other` in en
      expect(exists, `${key} in ${file.slice(source.length)}`).toBe(true)
    }
  }
})
