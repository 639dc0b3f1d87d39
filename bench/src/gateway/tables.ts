import { median } from '#src/measure/statistics.ts'
import { rounded, type Table } from '#src/report.ts'
import { cpuRatio, errorsOf, type Round, type Rounds } from './rounds.ts'

/** A dash: this subject has no such thing. */
const none = '–'

/** The figures of one row of the suite for each subject, those that do not have it among them. */
export function tableOf(title: string, rounds: Rounds, names: readonly string[]): Table {
  return {
    title,
    rows: names.map((subject) => ({
      subject,
      ...figuresOf(rounds.get(subject) ?? []),
      '× nginx': shown(cpuRatio(rounds, subject, 'nginx')),
    })),
  }
}

/** Medians over the rounds; of the CPU time the least and the most too. */
export function figuresOf(rounds: readonly Round[]): Table['rows'][number] {
  const errors = errorsOf(rounds)
  const middle = (key: keyof Round) => median(rounds.map((round) => round[key]))
  const cpus = rounds.map(({ cpu }) => cpu)
  const valid = rounds.length > 0 && errors === 0
  const perSecond = Math.round(median(rounds.map(({ requests, seconds }) => requests / seconds)))
  return {
    '/s': errors > 0 ? `invalid: ${errors} errors` : valid ? perSecond : none,
    'p50 µs': shown(valid ? middle('p50') : Number.NaN),
    'p99 µs': shown(valid ? middle('p99') : Number.NaN),
    'p99.9 µs': shown(valid ? middle('p999') : Number.NaN),
    'CPU µs': shown(valid ? middle('cpu') : Number.NaN),
    'from … to': valid ? `${rounded(Math.min(...cpus))} … ${rounded(Math.max(...cpus))}` : none,
  }
}

/** A figure, or a dash where there is none. */
export const shown = (value: number) => (Number.isNaN(value) ? none : rounded(value))
