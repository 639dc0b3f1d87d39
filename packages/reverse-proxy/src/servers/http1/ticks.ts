/** One timer for all connections of a server: a connection costs no timer, only a counter. */
export const tickMilliseconds = 500

const ticksOf = (milliseconds: number) => milliseconds / tickMilliseconds

/** How long a client may take for the head of a request. */
export const headTicks = ticksOf(10_000)
/** How long a connection may be idle; clients are told 65 s. */
export const idleTicks = ticksOf(66_000)
/** How long a client may go on sending what nobody reads, so that it gets to read its answer. */
export const lingerTicks = ticksOf(2000)
