import { expect, test } from 'vitest'
import { parseRelaxedJson } from '#src/index.ts'

test('comments and commas at the end are allowed, and texts stay as they are', () => {
  const source = `// first
  { "url": "http://h/*x*/", /* of
  two lines */ "quote": "a \\" // ,} b", "list": [1, 2, // last
  ], }`
  expect(parseRelaxedJson(source)).toEqual({ url: 'http://h/*x*/', quote: 'a " // ,} b', list: [1, 2] })
})

test.each(['{', '{ a: 1 }', "{ 'a': 1 }", '[,]', '{ , }', '[1,,]', '/* open', '1 /', ''])(
  '%j is not JSON',
  (source) => {
    expect(() => parseRelaxedJson(source)).toThrow(SyntaxError)
  },
)
