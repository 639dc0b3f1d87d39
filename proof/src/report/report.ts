import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Chapter } from '../chapter.ts'
import type { Proof } from '../proof.ts'
import { svgPicture } from './picture.ts'

/** The report for people. */
export function textOf({ chapters, claims }: Proof): string {
  const { trials, ...others } = chapters
  const inOrder: Chapter[] = [trials, ...Object.values(others)]
  return [
    '# The cache, put to the proof',
    claims.map(({ claim, holds }) => `${holds ? '✓' : '✗'} ${claim}`).join('\n'),
    ...inOrder.map(({ text }) => text),
  ].join('\n\n')
}

/** The figures for programs. */
export const figuresOf = ({ chapters }: Proof): Record<string, unknown> =>
  Object.fromEntries(Object.entries(chapters).map(([name, { figures }]) => [name, figures]))

/** Leaves the report and the picture of the first trial in a folder; the picture in another one too, where it is to be seen by all. */
export function writeReport(proof: Proof, folder: string, pictures?: string): void {
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'report.md'), textOf(proof))
  const [first] = Object.values(proof.chapters.trials.figures)
  if (!first) return
  const picture = svgPicture(first)
  for (const where of [folder, pictures]) if (where) writeFileSync(join(where, 'staleness.svg'), picture)
}
