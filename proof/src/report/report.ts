import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Source } from '../history/read-log.ts'
import type { Proof, TrialFigures } from '../proof.ts'
import { svgPicture, textPicture } from './picture.ts'

const number = (value: number) => Math.round(value).toLocaleString('en')

const share = ({ bySource, reads }: TrialFigures, source: Source) =>
  `${Math.round((100 * bySource[source]) / Math.max(1, reads))} %`

function trialText(title: string, figures: TrialFigures): string {
  const faults = Object.entries(figures.faults).sort(([one], [other]) => one.localeCompare(other))
  const sum = faults.reduce((total, [, count]) => total + count, 0)
  return `## ${title}

${number(figures.reads)} reads and ${number(figures.writes)} writes by ${figures.processes} processes, ${sum} faults of ${faults.length} kinds in ${figures.seconds} s (seed ${figures.seed}).
Largest staleness ${number(figures.largestStalenessMilliseconds)} ms, bound ${number(figures.boundMilliseconds)} ms: ${number(figures.violations)} violations.
Answered by the process's own level: ${share(figures, 'l1')}, by Redis: ${share(figures, 'redis')}, by PostgreSQL: ${share(figures, 'database')}, by another's load: ${share(figures, 'joined')}.
${number(figures.failedReads)} reads and ${number(figures.failedWrites)} writes failed, while PostgreSQL was out of reach for their process.

How long ago a newer version had been committed when a read began (logarithmic):

${textPicture(figures.histogram)}

${faults.map(([name, count]) => `  ${String(count).padStart(4)} × ${name}`).join('\n')}
`
}

/** The report for people. */
export function textOf({ figures, worst, claims }: Proof): string {
  const violations = worst.map(
    ({ process, thing, version, source, fault, staleness }) =>
      `  process ${process} read version ${version} of thing ${thing} from ${source}: ${fault}, by ${number(staleness)} ms`,
  )
  return [
    '# The cache, put to the proof',
    claims.map(({ claim, holds }) => `${holds ? '✓' : '✗'} ${claim}`).join('\n'),
    ...(violations.length > 0 ? [`The worst violations:\n\n${violations.join('\n')}`] : []),
    trialText('The cache under faults', figures.storm),
    ...Object.entries(figures.controls).map(([name, control]) => trialText(`The control: ${name}`, control)),
  ].join('\n\n')
}

/** Leaves the report and its picture in a folder. */
export function writeReport(proof: Proof, folder: string): void {
  mkdirSync(folder, { recursive: true })
  const { histogram, boundMilliseconds } = proof.figures.storm
  writeFileSync(join(folder, 'report.md'), textOf(proof))
  writeFileSync(join(folder, 'staleness.svg'), svgPicture(histogram, boundMilliseconds))
}
