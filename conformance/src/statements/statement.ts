/** `M`: nothing is released without it. `S`: expected, and a deviation has a reason. */
export type Level = 'M' | 'S'

/** Something that must hold, and is shown by every test whose title begins with its id. */
export type Statement = {
  id: string
  level: Level
  text: string
  /** Why it does not hold, or need not. It is told as failed all the same, unless a test shows it. */
  reason?: string
}
