/** Reads the first line of a message, from whatever pieces it comes in. */
export type StartLine = {
  /**
   * Looks at the bytes from `base` on, from the line's beginning each time: what it found counts where the line was whole.
   * Gives the index behind the line, or -1 where all was taken and the line has not ended. Throws {@link MessageFault}.
   */
  scan(bytes: Buffer, base: number, end: number): number
}
