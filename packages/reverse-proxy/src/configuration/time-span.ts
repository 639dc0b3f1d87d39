const form = /^(?:(\d+)\.)?(\d{1,2}):(\d{1,2}):(\d{1,2})(\.\d{1,7})?$/

/** Reads .NET's `[d.]hh:mm:ss[.fffffff]` into milliseconds; `undefined` for anything else and for zero. */
export function parseTimeSpan(value: unknown): number | undefined {
  const [, days = 0, hours, minutes, seconds, fraction = 0] = form.exec(String(value)) ?? []
  if (hours === undefined || Number(hours) > 23 || Number(minutes) > 59 || Number(seconds) > 59)
    return undefined
  const whole = ((Number(days) * 24 + Number(hours)) * 60 + Number(minutes)) * 60 + Number(seconds)
  return (whole + Number(fraction)) * 1000 || undefined
}
