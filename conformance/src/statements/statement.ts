/** `M`: nothing is released without it. `S`: expected, and a deviation has a reason. */
export type Level = 'M' | 'S'

/** Something that must hold, and is shown by every test whose title begins with its id. */
export type Statement = {
  id: string
  level: Level
  text: string
  /** Why it does not hold as a whole, or need not. It is told as failed all the same, whatever tests show of it. */
  reason?: string
}
