import { type RecentCounts, type Snapshot, summarize } from '@alicerce/reverse-proxy'
import type { RateLimiting } from '#src/rate-limits/rate-limiting.ts'
import type { LiveRates } from './live-rates.ts'
import type { GatewayView } from './schema.ts'

type DestinationView = GatewayView['clusters'][number]['destinations'][number]

/** How one worker finds a destination. */
export type DestinationState = Pick<DestinationView, 'health' | 'breaker' | 'ejection'>

/** What changes from moment to moment in one worker, in a form that goes over the wire and can be added up. */
export type WorkerFigures = {
  /** Counted from 1; 0 where there are no others. */
  readonly worker: number
  /** By route. */
  readonly routes: Readonly<Record<string, { exchanges: RecentCounts; furtherAttempts: RecentCounts }>>
  /** By `cluster/destination`. */
  readonly destinations: Readonly<
    Record<string, { inFlight: number; recent: RecentCounts; state: DestinationState }>
  >
  /** By policy. */
  readonly limits: Readonly<Record<string, RecentCounts>>
}

/** Gives the figures of all workers, those of the one that asks among them. */
export type GatherFigures = () => Promise<readonly WorkerFigures[]>

/** The figures of this process. */
export function figuresOf(parts: {
  snapshot: Snapshot
  liveRates: LiveRates
  limits: Pick<RateLimiting, 'decisions'>
  policies: Iterable<string>
}): WorkerFigures {
  const { snapshot, liveRates, limits, policies } = parts
  const now = performance.now()
  const destinations = [...snapshot.clusters.values()].flatMap((cluster) =>
    cluster.destinations.map((destination) => {
      const { inFlight, recent } = destination
      const state = stateOf(destination, cluster.outliers)
      return [destination.name, { inFlight, recent: recent.counts(now), state }] as const
    }),
  )
  return {
    worker: 0,
    routes: Object.fromEntries(snapshot.router.routes.map(({ id }) => [id, liveRates.of(id)])),
    destinations: Object.fromEntries(destinations),
    limits: Object.fromEntries(
      [...policies].flatMap((name) => {
        const counts = limits.decisions(name)
        return counts ? [[name, counts]] : []
      }),
    ),
  }
}

type Cluster = NonNullable<ReturnType<Snapshot['clusters']['get']>>

const stateOf = (
  { active, passive, breaker, outlier }: Cluster['destinations'][number],
  outliers: Cluster['outliers'],
): DestinationState => ({
  health: { active: active.health, passive: passive.health },
  breaker: breaker
    ? { state: breaker.state, remainingMilliseconds: Math.round(breaker.remainingMilliseconds) }
    : null,
  ejection: outliers
    ? {
        remainingMilliseconds: Math.round(outliers.remainingMilliseconds(outlier)),
        ejections: outlier.ejections,
      }
    : null,
})

/** How several workers find a destination: as the one does that finds it worst, and each by itself where they do not agree. */
export function joinStates(
  states: readonly (readonly [worker: number, state: DestinationState])[],
): DestinationState & Pick<DestinationView, 'byWorker'> {
  const [worst] = states.toSorted(([, one], [, other]) => badnessOf(other) - badnessOf(one))
  const differ = new Set(states.map(([, state]) => kindOf(state))).size > 1
  return {
    ...(worst?.[1] ?? unknown),
    byWorker: differ ? states.map(([worker, state]) => ({ worker, ...state })) : null,
  }
}

const unknown: DestinationState = {
  ...{ health: { active: 'unknown', passive: 'unknown' }, breaker: null, ejection: null },
}

const isEjected = ({ ejection }: DestinationState) => (ejection?.remainingMilliseconds ?? 0) > 0

/** What workers can differ in: times always do. */
const kindOf = (state: DestinationState): string =>
  [state.health.active, state.health.passive, state.breaker?.state, isEjected(state)].join()

const badness = { closed: 0, 'half-open': 1, open: 2, unknown: 0, healthy: 0, unhealthy: 2 }

function badnessOf(state: DestinationState): number {
  const { health, breaker } = state
  const judged = badness[health.active] + badness[health.passive] + badness[breaker?.state ?? 'closed']
  return judged + (isEjected(state) ? 2 : 0)
}

/** The same counts of all workers, as one summary. */
export const summaryOf = (
  all: readonly WorkerFigures[],
  countsOf: (figures: WorkerFigures) => RecentCounts | undefined,
) => summarize(all.flatMap((figures) => countsOf(figures) ?? []))
