import type { CacheParts } from '../cache-class/parts.ts'
import { deepFreeze } from '../entry/deep-freeze.ts'
import { encodeEntry } from '../entry/entry.ts'
import { pack } from '../entry/packing.ts'
import { markKeysOf } from '../marks/mark-keys.ts'
import { stands } from '../marks/marks.ts'
import { freshFor, keptFor, longestLife, type Policy } from '../policy/policy.ts'
import { StoreUnavailable } from '../store/cache-store.ts'
import type { FillRefusal } from '../telemetry/events.ts'
import type { Answer, Flight } from './flight.ts'
import { type Load, type Loaded, runLoad } from './load.ts'
import type { Seat } from './load-batch.ts'

/** One value that is read: where it stands in the store, where the marks do that it carries, and how it is loaded. */
export type Target = { key: string; markKeys: readonly string[]; load: Load }

/** What one attempt is about. */
export type Attempt = {
  parts: CacheParts
  of: Policy
  target: Target
  seat: Seat | undefined
  /** Where the marks of the value stand too, it is believed. */
  expected: readonly string[] | undefined
}

/** Where the loaded value goes. */
export type Destination = {
  /** The id of the new entry. */
  token: Buffer
  /** The least version that it takes. */
  floor: number
  /** What it means when they are not taken. */
  refusal: FillRefusal
  /** Stores the bytes unless something happened since the lease was taken; then `false`. */
  put(bytes: Buffer, ttlMilliseconds: number): Promise<boolean>
  /** Stores nothing; `false` where `put` would have been refused. */
  keepOut(): Promise<boolean>
}

/** Loads and stores. The flight is closed before the bytes leave: whether they are taken decides if those who joined share the value. */
export async function loadAndStore(
  attempt: Attempt,
  flight: Flight,
  { token, floor, refusal, put, keepOut }: Destination,
): Promise<Answer> {
  const { parts, of } = attempt
  const { loaded, markKeys, marks } = await loadUnderMarks(attempt, flight, floor)
  const fresh = freshFor(of, loaded.value, parts.random())
  const loadedAt = parts.clock.now()
  const { value, payload, isTooLarge } = await storedForm(of, loaded.value)
  const standsStill = async () =>
    of.strict
      ? (await parts.marks.ask(markKeys)) === marks
      : marks !== undefined && stands(parts.marks, { marks }, markKeys, parts.clock.now())
  flight.close()
  // What is not certain now may have been overtaken by an invalidation that is late: those who joined must not get it.
  const certain = parts.trust.holds()
  const reason = isTooLarge ? 'too-large' : marks === undefined ? 'new-tags' : undefined
  if (reason) parts.tell({ type: 'fill-refused', class: of.name, reason })
  const taking =
    reason || marks === undefined
      ? keepOut()
      : put(
          encodeEntry({
            ...{ token, payload, version: loaded.version, marks, loadedAt },
            freshUntil: loadedAt + fresh,
            loadMilliseconds: loaded.milliseconds,
          }),
          fresh + keptFor(of, value),
        )
  const shared = stored({ parts, of, refusal }, taking).then(
    // A tag kills no lease: who joined after it was invalidated must not get what was loaded before.
    (taken) => taken && certain && standsStill(),
  )
  parts.inBackground(shared)
  const answer: Answer = { value, version: loaded.version, source: 'database', shared }
  return isTooLarge ? { ...answer, degraded: 'too-large' } : { ...answer, ttlMilliseconds: fresh }
}

/** What was loaded, and what it must carry; without marks: it must not be stored. */
type LoadedUnderMarks = { loaded: Loaded; markKeys: readonly string[]; marks: string | undefined }

/**
 * Loads after the marks were taken. Where the value has tags of its own whose marks nobody had read before, they may have been invalidated
 * while it was loaded: it is loaded once more, now that they are known.
 */
async function loadUnderMarks(
  { parts, of, target, seat, expected }: Attempt,
  flight: Flight,
  floor: number,
): Promise<LoadedUnderMarks> {
  let wanted = expected ?? target.markKeys
  for (let again = false; ; again = true) {
    const taken = await parts.marks.take(wanted, of.form, longestLife(of))
    const began = performance.now()
    const loaded = await runLoad({
      ...{ parts, of, atLeast: floor, signal: flight.signal },
      load: (signal, version, began) => seat?.take(signal) ?? target.load(signal, version, began),
      // Before this form was entered nobody raised a floor for it, so that a source that is behind would be believed.
      newest: of.version !== undefined && parts.marks.enteredFor(of.form) < of.longestLag,
    })
    const markKeys = markKeysOf(of, target.markKeys, loaded.value)
    const marks = parts.marks.before(began, taken, markKeys)
    if (marks !== undefined || again) return { loaded, markKeys, marks }
    wanted = markKeys
  }
}

/** The value in the form in which every reader gets it, and as the payload of an entry. What is long is packed, away from the event loop. */
async function storedForm({ compressAbove, maximumBytes }: Policy, loaded: unknown) {
  if (loaded === undefined) return { value: undefined, payload: undefined, isTooLarge: false }
  const json = JSON.stringify(loaded)
  const value: unknown = deepFreeze(JSON.parse(json))
  const bytes = Buffer.byteLength(json)
  const isTooLarge = bytes > maximumBytes
  const packed = bytes > compressAbove && !isTooLarge ? await pack(json) : undefined
  return { value, payload: packed ?? json, isTooLarge }
}

/** Whether the store took it. If not, something overtook the load: nothing is kept or shared. */
async function stored(
  { parts, of, refusal }: { parts: CacheParts; of: Policy; refusal: FillRefusal },
  put: Promise<boolean>,
): Promise<boolean> {
  const refuse = (reason: FillRefusal) => parts.tell({ type: 'fill-refused', class: of.name, reason })
  try {
    const taken = await put
    if (!taken) refuse(refusal)
    return taken
  } catch (error) {
    if (!(error instanceof StoreUnavailable)) throw error
    refuse('store-unavailable')
    return false
  }
}
