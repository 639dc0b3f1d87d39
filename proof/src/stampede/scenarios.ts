/** How a loader behaves. */
export type Loader = 'quick' | 'slow' | 'failing' | 'hanging'

/** How the key stands when everybody asks for it. */
export type Standing = 'cold' | 'expired' | 'expired, with a copy for trouble' | 'invalidated'

/** A stampede: all callers of all processes ask for one key at the same moment. */
export type Scenario = {
  standing: Standing
  loader: Loader
  /** How many loads are right: exactly one, or one of each process at most, one after the other, where a load brings nothing. */
  expected: 'one' | 'one of each process'
  /** Whether every caller gets an answer. */
  answered: boolean
}

/** All of them. */
export const scenarios: readonly Scenario[] = [
  { standing: 'cold', loader: 'quick', expected: 'one', answered: true },
  { standing: 'cold', loader: 'slow', expected: 'one', answered: true },
  { standing: 'expired', loader: 'slow', expected: 'one', answered: true },
  { standing: 'invalidated', loader: 'slow', expected: 'one', answered: true },
  { standing: 'cold', loader: 'failing', expected: 'one of each process', answered: false },
  {
    standing: 'expired, with a copy for trouble',
    loader: 'failing',
    expected: 'one of each process',
    answered: true,
  },
  { standing: 'cold', loader: 'hanging', expected: 'one of each process', answered: false },
  {
    standing: 'expired, with a copy for trouble',
    loader: 'hanging',
    expected: 'one of each process',
    answered: true,
  },
]

/** How long values live where they are to expire, milliseconds. */
export const briefTtl = 400
