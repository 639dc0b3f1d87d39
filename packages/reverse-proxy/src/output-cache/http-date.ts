const month = '(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)'
const time = '\\d\\d:\\d\\d:\\d\\d'
/** The form that is written today, and the two that were (RFC 9110 §5.6.7). */
const forms = [
  new RegExp(`^[A-Z][a-z]{2}, \\d\\d ${month} \\d{4} ${time} GMT$`),
  new RegExp(`^[A-Z][a-z]{5,8}, \\d\\d-${month}-\\d\\d ${time} GMT$`),
]
const asctime = new RegExp(`^[A-Z][a-z]{2} ${month} [ \\d]\\d ${time} \\d{4}$`)

/** Reads a date in milliseconds; `undefined` for all that is none, such as `0`, in which `Date.parse` finds a year. */
export function readHttpDate(text: string | undefined): number | undefined {
  const written = text?.trim() ?? ''
  const whole = asctime.test(written) ? `${written} GMT` : written
  if (whole === written && !forms.some((form) => form.test(written))) return undefined
  const date = Date.parse(whole)
  return Number.isNaN(date) ? undefined : date
}
