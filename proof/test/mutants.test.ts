import { afterAll, expect, test } from 'vitest'
import { textOfHunts } from '#src/exploration/chapter.ts'
import { huntCollation } from '#src/exploration/collation.ts'
import { type Hunt, hunt } from '#src/exploration/hunt.ts'
import { mutants } from '#src/exploration/mutants.ts'
import { createVariant } from '#src/exploration/variant.ts'

const hunts: Hunt[] = []
afterAll(() => console.log(`Wrong variants of the cache:\n${textOfHunts(hunts)}`))

test.each(mutants)('found out: $name', { timeout: 300_000 }, async (mutant) => {
  const result = await hunt(mutant, { seed: 1, milliseconds: 240_000 })
  hunts.push(result)
  expect(result).toMatchObject({ killed: true, acquitted: true })
})

test('found out: floors that are compared as text', { timeout: 60_000 }, async () => {
  const result = await huntCollation()
  if (!result) return console.log('This machine cannot make the locale that the mutant needs (localedef).')
  hunts.push(result)
  expect(result).toMatchObject({ killed: true, acquitted: true })
})

test('a mutant of a line that is not there any more is no mutant', async () => {
  const lost = createVariant('lost', [{ file: 'cache.ts', before: 'no such line', after: '' }])
  await expect(lost).rejects.toThrow('changes a line of cache.ts that stands there 0 times')
})
