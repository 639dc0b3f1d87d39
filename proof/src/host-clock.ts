/** Milliseconds of this machine's monotonic clock: one time for all processes, which nobody can set. */
export const hostNow = (): number => Number(process.hrtime.bigint()) / 1e6
