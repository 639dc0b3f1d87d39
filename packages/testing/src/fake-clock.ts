/** A clock that goes only when it is told to. */
export type FakeClock = {
  /** Milliseconds since 1970. */
  now(): number
  advance(milliseconds: number): void
  set(milliseconds: number): void
}

/** A clock for tests that stands at `start` (milliseconds since 1970; default 1 January 2030). */
export function fakeClock(start = Date.UTC(2030, 0, 1)): FakeClock {
  let time = start
  return {
    now: () => time,
    advance: (milliseconds) => {
      time += milliseconds
    },
    set: (milliseconds) => {
      time = milliseconds
    },
  }
}
