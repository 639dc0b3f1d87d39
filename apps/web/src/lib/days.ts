/** When a day (`2026-11-23`) begins for the person who looks, as ISO 8601; undefined for what is not a day. */
export function startOfDay(day: string, daysLater = 0): string | undefined {
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number)
  const start = new Date(year, month - 1, date + daysLater)
  return day && !Number.isNaN(start.getTime()) ? start.toISOString() : undefined
}
