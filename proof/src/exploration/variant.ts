import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Engine } from './engine.ts'

/** A change of the source of the cache: `before` stands exactly once in the file. */
export type Edit = { file: string; before: string; after: string }

const source = join(dirname(fileURLToPath(import.meta.resolve('@alicerce/cache-aside'))), '..')
/** Within the repository, where the packages are found that the source imports. */
const folder = join(import.meta.dirname, '../../../.alicerce/variants')

/**
 * The cache with some lines changed: a copy of its source, loaded as it is. The caller removes it.
 * @throws where a line to be changed is not there any more: then the mutant must be thought through anew
 */
export async function createVariant(name: string, edits: readonly Edit[]) {
  const copy = join(folder, `${process.pid}-${name.replaceAll(/[^a-z]+/gi, '-')}`)
  mkdirSync(folder, { recursive: true })
  cpSync(join(source, 'src'), join(copy, 'src'), { recursive: true })
  cpSync(join(source, 'package.json'), join(copy, 'package.json'))
  for (const { file, before, after } of edits) {
    const path = join(copy, 'src', file)
    const parts = readFileSync(path, 'utf8').split(before)
    if (parts.length !== 2)
      throw new Error(
        `The mutant "${name}" changes a line of ${file} that stands there ${parts.length - 1} times: ${before}`,
      )
    writeFileSync(path, parts.join(after))
  }
  const engine = (await import(/* @vite-ignore */ join(copy, 'src/index.ts'))) as Engine
  return { engine, remove: () => rmSync(copy, { recursive: true, force: true }) }
}
