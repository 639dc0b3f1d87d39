/** The middle of some numbers. */
export const median = (values: readonly number[]) => quantile(values, 0.5)

/** The smallest value that `share` of the values do not exceed; NaN where there are none. */
export function quantile(values: readonly number[], share: number): number {
  const inOrder = values.toSorted((one, other) => one - other)
  return inOrder[Math.max(0, Math.ceil(inOrder.length * share) - 1)] ?? Number.NaN
}
