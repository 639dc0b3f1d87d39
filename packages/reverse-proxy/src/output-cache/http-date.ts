const month = '(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)'
const time = '\\d\\d:\\d\\d:\\d\\d'
/** The form that is written today, and the two that were (RFC 9110 §5.6.7). */
const form = new RegExp(`^[A-Z][a-z]{2}, \\d\\d ${month} \\d{4} ${time} GMT$`)
const rfc850 = new RegExp(`^[A-Z][a-z]{5,8}, (\\d\\d-${month}-)(\\d\\d)( ${time} GMT)$`)
const asctime = new RegExp(`^[A-Z][a-z]{2} ${month} [ \\d]\\d ${time} \\d{4}$`)

/** Reads a date in milliseconds; `undefined` for all that is none, such as `0`, in which `Date.parse` finds a year. */
export function readHttpDate(text: string | undefined): number | undefined {
  const written = text?.trim() ?? ''
  const date = Date.parse(form.test(written) ? written : plainForm(written))
  return Number.isNaN(date) ? undefined : date
}

function plainForm(written: string): string {
  if (asctime.test(written)) return `${written} GMT`
  const [, day, year, rest] = rfc850.exec(written) ?? []
  return day && year ? `${day}${wholeYear(Number(year))}${rest}` : ''
}

/** A year of two digits that would be more than fifty years ahead is past (RFC 9110 §5.6.7). */
function wholeYear(ofTwoDigits: number): number {
  const now = new Date().getUTCFullYear()
  const year = now - (now % 100) + ofTwoDigits
  return year > now + 50 ? year - 100 : year
}
