import { deepFreeze } from '../entry/deep-freeze.ts'
import type { Decoded } from '../entry/entry.ts'
import { type Answer, beginFlight, type Flight } from '../flight/flight.ts'
import { LeaseWaitEnded } from '../flight/lease.ts'
import { flyForLease } from '../flight/lease-flight.ts'
import { runLoad, versionBehind } from '../flight/load.ts'
import type { Target } from '../flight/load-and-store.ts'
import type { Seat } from '../flight/load-batch.ts'
import { withPatience } from '../flight/patience.ts'
import { EntryGone } from '../flight/refresh-flight.ts'
import { createRefreshes } from '../flight/refreshes.ts'
import { freshnessOf, isFailSafe } from '../policy/freshness.ts'
import type { Policy } from '../policy/policy.ts'
import { StoreUnavailable } from '../store/cache-store.ts'
import type { CacheReadReport, Degraded } from '../telemetry/events.ts'
import type { CacheParts } from './parts.ts'
import { createSecondLevel, type Found, Untrusted, VoidEntry } from './second-level.ts'

/** One read that the first level could not answer. */
export type Question = {
  target: Target
  /** `performance.now()` when it was asked. */
  started: number
  signal?: AbortSignal | undefined
  /** Nothing older is an answer; 0: anything is. */
  minVersion: number
  /** What the second level said and the place in the batch of loads, where many keys were asked for at once. */
  found?: Promise<Found> | undefined
  seat?: Seat | undefined
  /** The entry past its time that this very read found, and may answer if it gets nothing better. */
  copy?: Decoded | undefined
  /** The entry that this read found void. */
  refused?: VoidEntry | undefined
}

/** After so many joined loads that an invalidation overtook, a read loads for itself: it must end under any number of writes. */
const mostRefusals = 3

/** Reads of one class below its first level: the second level, flights for the lease, and the way around when the store is away. */
export function createReader(parts: CacheParts, of: Policy) {
  const flights = new Map<string, Flight>()
  const refreshes = createRefreshes(parts, of)
  const secondLevel = createSecondLevel(parts, of)

  async function read(question: Question): Promise<unknown> {
    try {
      question.signal?.throwIfAborted()
      return await readFresh(question)
    } catch (error) {
      if (question.copy && !question.signal?.aborted) return failSafe(question, question.copy, error)
      throw error
    } finally {
      question.seat?.leave()
    }
  }

  async function readFresh(question: Question): Promise<unknown> {
    try {
      return await readThrough(question)
    } catch (error) {
      if (error instanceof StoreUnavailable) return readAround(question, 'store-unavailable')
      if (error instanceof Untrusted) return readAround(question, 'untrusted')
      if (error instanceof LeaseWaitEnded) return readAround(question, 'lease-wait')
      throw error
    }
  }

  async function readThrough(question: Question): Promise<unknown> {
    const { target, signal, seat } = question
    for (let refusals = 0; refusals < mostRefusals; refusals++) {
      let flight = openFlight(target.key)
      if (!flight) {
        const found = await lookUp(question, refusals === 0)
        question.found = undefined
        const entry = found instanceof VoidEntry ? undefined : found
        if (found instanceof VoidEntry) question.refused = found
        question.copy = entry
        const answer = entry && (await answerOf(question, entry))
        if (answer) return answer.value
        if (entry) continue
        flight = openFlight(target.key)
      }
      const joined = flight !== undefined
      if (joined) seat?.leave()
      const answer = await (flight ?? lead(question)).wait(signal)
      if (answer.version < question.minVersion || (joined && !(await answer.shared))) continue
      return answered(question, joined ? { ...answer, source: 'joined' } : answer)
    }
    return readAround(question, 'contended')
  }

  async function lookUp({ found, target, minVersion }: Question, isFirst: boolean): Promise<Found> {
    if (found) return found
    if (of.fromReplicas && isFirst) {
      const near = await secondLevel.lookUpInReplica(target, minVersion)
      if (near) return near
    }
    return secondLevel.lookUp(target)
  }

  /** What an entry says, or what a refresh of it brings; `undefined`: the entry is gone, or was when the refresh ended. */
  async function answerOf(question: Question, found: Decoded): Promise<{ value: unknown } | undefined> {
    const { target, started, seat } = question
    const now = parts.clock.now()
    const freshness = freshnessOf(found, of, now, parts.random)
    if (found.version < question.minVersion) question.copy = undefined
    if (freshness === 'expired' || !question.copy) return refreshed(question, found)
    seat?.leave()
    if (freshness === 'due') refreshes.inBackground({ target, seen: found })
    reportHit('redis', found, started, now)
    return found
  }

  async function refreshed(question: Question, copy: Decoded): Promise<{ value: unknown } | undefined> {
    const { target, seat, signal } = question
    const hasFailSafe = question.copy !== undefined && isFailSafe(copy, of, parts.clock.now())
    if (hasFailSafe && refreshes.isResting(target.key)) throw new SourceRests()
    const { flight, joined } = refreshes.flight({ target, seen: copy, seat })
    try {
      const fresh = flight.wait(signal)
      const answer = await (hasFailSafe ? withPatience(fresh, of, parts.startTimer) : fresh)
      if (answer.version < question.minVersion || (joined && !(await answer.shared))) return undefined
      return { value: answered(question, { ...answer, source: joined ? 'joined' : answer.source }) }
    } catch (error) {
      if (!(error instanceof EntryGone)) throw error
      question.copy = undefined // it was invalidated: nobody falls back on it
      return undefined
    }
  }

  /** The copy, if it may be answered and is not too old by now. */
  function failSafe({ started }: Question, copy: Decoded, error: unknown): unknown {
    const now = parts.clock.now()
    if (!isFailSafe(copy, of, now)) throw error
    const ageMilliseconds = now - copy.loadedAt
    parts.tell({ type: 'fail-safe-served', class: of.name, ageMilliseconds })
    parts.report({
      class: of.name,
      source: 'redis',
      durationMilliseconds: performance.now() - started,
      ttlMilliseconds: copy.freshUntil - now,
      stale: { reason: 'fail-safe', ageMilliseconds },
    })
    return copy.value
  }

  function openFlight(key: string): Flight | undefined {
    const flight = flights.get(key)
    return flight?.open ? flight : undefined
  }

  function lead({ target, seat, refused }: Question): Flight {
    const { key } = target
    const attempt = { parts, of, target, seat, expected: refused?.markKeys }
    const flight = beginFlight((mine) => flyForLease(attempt, mine, refused?.entryId))
    flights.set(key, flight)
    parts.inBackground(
      flight.ended.then(() => {
        if (flights.get(key) === flight) flights.delete(key)
      }),
    )
    return flight
  }

  /** Bounded, and nothing is kept: what is read without a lease may be overtaken by an invalidation. */
  async function readAround(question: Question, degraded: Degraded): Promise<unknown> {
    const { target, signal, seat, minVersion } = question
    seat?.leave()
    const { load } = target
    const flight = parts.bypass.flight(target.key, async (mine) => {
      const loading = { parts, of, load, atLeast: 0, newest: true, signal: mine.signal }
      const { value, version } = await runLoad(loading)
      return { value: asRead(value), version, source: 'database', shared: true }
    })
    parts.inBackground(flight.ended)
    const answer = await flight.wait(signal)
    if (answer.version >= minVersion || answer.value === undefined) {
      return answered(question, { ...answer, degraded })
    }
    throw versionBehind(of.name, answer.version, minVersion)
  }

  function reportHit(source: 'l1' | 'redis', entry: Decoded, started: number, now: number): void {
    const ttlMilliseconds = entry.freshUntil - now
    const report: CacheReadReport = {
      class: of.name,
      source,
      durationMilliseconds: performance.now() - started,
      ttlMilliseconds,
      ageMilliseconds: now - entry.loadedAt,
    }
    if (of.untrusted === 'serve' && !parts.trust.holds()) report.degraded = 'untrusted'
    if (ttlMilliseconds > 0) parts.report(report)
    else parts.report({ ...report, stale: { reason: 'revalidating', ageMilliseconds: now - entry.loadedAt } })
  }

  function answered(
    { started }: Question,
    answer: Pick<Answer, 'value' | 'ttlMilliseconds' | 'degraded'> & { source: CacheReadReport['source'] },
  ): unknown {
    const { value, source, ttlMilliseconds, degraded } = answer
    parts.report({
      class: of.name,
      source,
      durationMilliseconds: performance.now() - started,
      ...(ttlMilliseconds !== undefined && { ttlMilliseconds }),
      ...(degraded && { degraded }),
    })
    return value
  }

  return {
    read,
    /** Whether this process is loading what stands under the key. */
    isLoading: (key: string) => flights.has(key) || refreshes.isUnderWay(key),
    reportHit,
    lookUpMany: secondLevel.lookUpMany,
    /** Beside an answer of the first level. */
    refresh: (target: Target, seen: Decoded) => refreshes.inBackground({ target, seen }),
  }
}

/** The last load failed a moment ago, and there is something else to answer. Told to nobody. */
class SourceRests extends Error {}

/** In the form that it would have, had it been stored and read. */
const asRead = (value: unknown): unknown =>
  value === undefined ? undefined : deepFreeze(JSON.parse(JSON.stringify(value)))
