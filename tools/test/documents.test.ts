import { expect, test } from 'vitest'
import { faultsIn } from '../documents.ts'

test('a link to a file that is not there is a fault', () => {
  expect(faultsIn('README.md', 'see [that](docs/nowhere.md#part) and [this](package.json)', [])).toEqual([
    'README.md: links to docs/nowhere.md, which is not there',
  ])
})

test('a link to the web is left alone', () => {
  expect(faultsIn('README.md', '[out](https://www.rfc-editor.org/rfc/rfc9457)', [])).toEqual([])
})

test('a script that package.json does not have is a fault', () => {
  expect(faultsIn('README.md', 'run `npm run nothing` or `npm run check`', ['check'])).toHaveLength(1)
})
