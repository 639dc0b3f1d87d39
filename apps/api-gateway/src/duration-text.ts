const thousandths = Array.from({ length: 1000 }, (_, part) => String(part).padStart(3, '0'))

/**
 * Milliseconds to the microsecond, such as `1.250`. Every exchange tells a dozen durations: a fraction is dear to turn into text, so a whole
 * number is, and what stands behind the point comes out of a table.
 */
export function durationText(milliseconds: number): string {
  const microseconds = Math.round(milliseconds * 1000)
  const whole = Math.floor(microseconds / 1000)
  return `${whole}.${thousandths[microseconds - whole * 1000]}`
}
