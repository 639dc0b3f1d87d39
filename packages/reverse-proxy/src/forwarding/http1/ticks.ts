/** One timer for all connections of a pool: an exchange that goes well costs no timer, only a counter that is set back. */
export const tickMilliseconds = 250

/** How many ticks certainly last so long: the first may follow at once. */
export const ticksOf = (milliseconds: number) => Math.ceil(milliseconds / tickMilliseconds) + 1

export const connectTicks = ticksOf(15_000)
