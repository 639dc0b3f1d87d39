/** Something that is claimed, and whether it holds. */
export type Claim = { claim: string; holds: boolean }

/** One part of the proof. */
export type Chapter<Figures = unknown> = {
  /** For programs. */
  figures: Figures
  claims: Claim[]
  /** For people. */
  text: string
}
