/** A figure that the project keeps. */
export type Bar = { name: string; value: number; limit: number; better: 'lower' | 'higher' }

/** A table for people. */
export type Table = { title: string; rows: Record<string, string | number>[] }

/** What a suite has found. */
export type Report = { tables: Table[]; bars: Bar[] }

/** Tells what is under way, apart from the result. */
export const progress = (message: string) => void process.stderr.write(`${message}\n`)

/** Prints the tables and the bars; with `json` one last line for programs. */
export function printReport({ tables, bars }: Report, { json }: { json: boolean }): void {
  for (const { title, rows } of tables) console.log(`\n${title}\n${textOf(rows)}`)
  const rows = bars.map((bar) => ({
    bar: bar.name,
    value: rounded(bar.value),
    limit: `${bar.better === 'higher' ? '≥' : '≤'} ${bar.limit}`,
    '': isMet(bar) ? 'met' : 'MISSED',
  }))
  console.log(`\nBars\n${textOf(rows)}`)
  if (json) console.log(JSON.stringify({ bars }))
}

/** Whether the figure is on the right side of its limit. */
export const isMet = ({ value, limit, better }: Bar) =>
  better === 'higher' ? value >= limit : value <= limit

/** Three digits are what a benchmark knows. */
export const rounded = (value: number) => Number(value.toPrecision(value >= 1000 ? 4 : 3))

function textOf(rows: Table['rows']): string {
  const names = Object.keys(rows[0] ?? {})
  const lines = [names, ...rows.map((row) => names.map((name) => String(row[name] ?? '')))]
  const widths = names.map((_, column) => Math.max(...lines.map((line) => (line[column] as string).length)))
  const isNumber = (column: number) => rows.every((row) => typeof row[names[column] as string] === 'number')
  const cell = (text: string, column: number) =>
    isNumber(column) ? text.padStart(widths[column] as number) : text.padEnd(widths[column] as number)
  return lines.map((line) => line.map(cell).join('  ').trimEnd()).join('\n')
}
