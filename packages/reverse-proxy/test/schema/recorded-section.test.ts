import { expect, test } from 'vitest'
import type { Section } from '#src/configuration/section.ts'
import { listKeys } from '#src/schema/recorded-keys.ts'
import { recordKeys } from '#src/schema/recorded-section.ts'
import { sectionSchema } from '#src/schema/to-json-schema.ts'

const schemaOf = (read: (section: Section) => void) => sectionSchema(recordKeys(read), '', (path) => path)
const pathsOf = (read: (section: Section) => void) => listKeys(recordKeys(read)).map(({ path }) => path)

test('what is asked for only after a choice is recorded, and required only where it always is', () => {
  const schema = schemaOf((section) => {
    section.requires('Kind', 'Choose one')
    const kind = section.choice('Kind', ['a', 'b', 'c', 'd'])
    if (kind === 'd') {
      section.requires('Window', 'Write such as 00:01:00')
      section.timeSpan('Window', 60_000)
    }
    if (section.boolean('Flag', false)) section.whole('Amount', { least: 1, most: 9 })
    if (section.has('Old')) section.text('Old')
    section.end()
  })
  expect(schema).toMatchObject({ required: ['Kind'], additionalProperties: false })
  expect(schema.properties).toMatchObject({
    Kind: { enum: ['a', 'b', 'c', 'd'], description: 'Kind' },
    Window: { type: ['string', 'null'], default: '00:01:00' },
    Flag: { default: false },
    Amount: { type: ['integer', 'string', 'null'], minimum: 1, maximum: 9 },
    Old: { type: ['string', 'null'] },
  })
})

test('sections, lists, names and alternatives have paths', () => {
  const read = (root: Section) => {
    root.section('A')?.sectionOrEmpty('B').text('C')
    for (const item of root.sections('D')) item.number('E')
    for (const [, named] of root.named('F')) named.share('G')
    for (const [name = '', one] of root.sectionsByKey('H', ['I', 'J'])) {
      one.text(name)
      one.choices('K', ['x', 'y'], ['x'])
    }
  }
  expect(pathsOf(read)).toEqual([
    ...['A', 'A.B', 'A.B.C', 'D', 'D[].E', 'F', 'F.*.G'],
    ...['H', 'H[I]', 'H[I].K', 'H[J]', 'H[J].K'],
  ])
  expect(schemaOf(read)).toMatchObject({
    properties: {
      H: {
        items: {
          anyOf: [
            { title: 'I', required: ['I'] },
            { title: 'J', required: ['J'] },
          ],
        },
      },
    },
  })
})

test('a section that is not ended, or whose rest is taken, is open; one key of several may be asked for', () => {
  expect(schemaOf((section) => section.text('A'))).not.toHaveProperty('additionalProperties')
  const schema = schemaOf((section) => {
    section.requiresOneOf(['A', 'B'], 'Add one of them')
    section.texts('A')
    section.ignore('B')
    section.rest()
    section.end()
  })
  expect(schema).not.toHaveProperty('additionalProperties')
  expect(schema.allOf).toEqual([{ anyOf: [{ required: ['A'] }, { required: ['B'] }] }])
  expect(schema.properties).toMatchObject({ B: { description: 'B' } })
})

test('a key that is read as two kinds is a fault of the reader', () => {
  const read = (section: Section) => {
    section.text('A')
    section.number('A')
  }
  expect(() => recordKeys(read)).toThrow('A is read as text and as number')
})
