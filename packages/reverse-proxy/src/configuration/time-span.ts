const fields = '(?:(\\d+)\\.)?([01]?\\d|2[0-3]):([0-5]?\\d):([0-5]?\\d)(\\.\\d{1,7})?'

/** .NET's `[d.]hh:mm:ss[.fffffff]`, above zero. */
export const timeSpanPattern = `^(?=.*[1-9])${fields}$`

const form = new RegExp(timeSpanPattern)

/** Reads a time span into milliseconds; `undefined` for anything that is none, and for zero. */
export function parseTimeSpan(value: unknown): number | undefined {
  const [, days = 0, hours, minutes, seconds, fraction = 0] = form.exec(String(value)) ?? []
  if (hours === undefined) return undefined
  const whole = ((Number(days) * 24 + Number(hours)) * 60 + Number(minutes)) * 60 + Number(seconds)
  return (whole + Number(fraction)) * 1000
}

/** Writes milliseconds, less than a day of them, as a time span. */
export function formatTimeSpan(milliseconds: number): string {
  return new Date(milliseconds).toISOString().slice(11, milliseconds % 1000 === 0 ? 19 : 23)
}
