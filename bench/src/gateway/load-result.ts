import { quantile } from '#src/measure/statistics.ts'

/** What a load generator says of one run. Times in microseconds. */
export type LoadResult = {
  requests: number
  seconds: number
  p50: number
  p99: number
  p999: number
  /** Answers other than 200 with the whole body, and connections that failed. */
  errors: number
}

/** Of a run that has kept the time of each request, in milliseconds. */
export function loadResultOf(milliseconds: readonly number[], seconds: number, errors: number): LoadResult {
  const microseconds = (share: number) => quantile(milliseconds, share) * 1000
  return {
    ...{ requests: milliseconds.length, seconds, errors },
    ...{ p50: microseconds(0.5), p99: microseconds(0.99), p999: microseconds(0.999) },
  }
}
