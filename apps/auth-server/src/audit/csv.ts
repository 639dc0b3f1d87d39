/** What a spreadsheet takes for the beginning of a formula: what somebody else typed must not run there (CWE-1236). */
const formula = /^[=+\-@\t\r]/

/** One line of CSV (RFC 4180), each cell in quotes, and text that looks like a formula marked as text. */
export function csvLine(cells: readonly (string | null | undefined)[]): string {
  return `${cells.map((cell) => quoted(cell ?? '')).join(',')}\r\n`
}

function quoted(cell: string): string {
  const safe = formula.test(cell) ? `'${cell}` : cell
  return `"${safe.replaceAll('"', '""')}"`
}
