import type { BreakerState } from '../store/breaker.ts'

/** What an entry says of itself. Times in milliseconds. */
export type EntryFacts = {
  /** Since it was loaded. */
  age: number
  /** How long it is fresh; below 0 it is past its time. */
  freshFor: number
  /** What its load took. */
  loadTook: number
  /** 0 in classes without versions. */
  version: number
  /** The source had nothing, which is remembered. */
  isNothing: boolean
  /** Only where it was asked for. */
  value?: unknown
}

/**
 * `fresh`: it is answered. `stale`: it is, and loaded anew beside that. `kept`: it is answered only if a load fails or takes long. `expired`:
 * it is not answered. `void`: the namespace or a tag of it was invalidated.
 */
export type EntryState = 'fresh' | 'stale' | 'kept' | 'expired' | 'void'

/** What is under the key in the first level of this process. */
export type FirstLevelState = { state: 'absent' } | ({ state: EntryState } & EntryFacts)

/**
 * And in the store. `lease`: it is being loaded, for what is `left` by the clock of this process, or was
 * until a moment ago. `floor`: there is no value, and none below this version is taken.
 * `undecodable`: bytes that nobody can read.
 */
export type StoreState =
  | { state: 'absent' | 'unavailable' }
  | ({ state: EntryState; id: string; bytes: number; isPacked: boolean } & EntryFacts)
  | { state: 'lease'; left: number; floor: number }
  | { state: 'floor'; floor: number }
  | { state: 'undecodable'; bytes: number }

/**
 * Who loads if the key is read now. `beside-the-answer`: the next reader, while he is answered. `around-the-cache`: each reader for himself,
 * and nothing is kept.
 */
export type WouldLoad =
  | 'nobody'
  | 'next-reader'
  | 'beside-the-answer'
  | 'this-process'
  | 'another-process'
  | 'around-the-cache'

/** How one key stands, and why. */
export type Explanation = {
  class: string
  key: string
  /** The key in the store. */
  storeKey: string
  firstLevel: FirstLevelState
  store: StoreState
  /** Whether somebody, anywhere, is loading it anew beside the value that is there. */
  refreshing: boolean
  /** Tags, and whether the entry in the store still stands by them; `undefined`: the ids of this class cannot be told from a key. */
  tags: { name: string; stands: boolean }[] | undefined
  trust: {
    trusted: boolean
    /** `Infinity`: nobody knows. */
    staleness: number
    firstLevelLive: boolean
    breaker: BreakerState
  }
  wouldLoad: WouldLoad
}
