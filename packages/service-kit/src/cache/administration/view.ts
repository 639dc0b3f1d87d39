import type { KnownProcess, ProcessFigures } from './processes.ts'
import type { CacheClassView, CacheProcess, CacheView } from './schema.ts'

const hottestShown = 20

/** One view of all processes: what they counted is added up, how they are is told of each. */
export function viewOf(
  processes: readonly KnownProcess[],
  { at, namespace, stalenessBound }: { at: number; namespace: string; stalenessBound: number },
): CacheView {
  const all = processes.map(({ figures }) => figures)
  const byRelay = sum(all, ({ invalidations }) => invalidations.relay.delivered)
  return {
    at: new Date(at).toISOString(),
    namespace,
    stalenessBoundMilliseconds: stalenessBound,
    outboxAgeMilliseconds: greatest(all, ({ outboxAge }) => outboxAge),
    evictedKeys: greatest(all, ({ store }) => store.evictedKeys),
    invalidations: {
      atOnce: sum(all, ({ invalidations }) => invalidations['at-once'].delivered),
      byRelay,
      outside: sum(all, ({ invalidations }) => invalidations.outside.delivered),
      failed: sum(all, ({ invalidations }) => sum(Object.values(invalidations), ({ failed }) => failed)),
    },
    processes: processes.map(processView),
    classes: classesOf(all),
    hottest: hottestOf(all),
  }
}

function processView({ name, startedAt, silentMilliseconds, figures }: KnownProcess): CacheProcess {
  const { trusted, staleness, firstLevel, store } = figures
  return {
    name,
    startedAt: new Date(startedAt).toISOString(),
    silentMilliseconds: Math.round(silentMilliseconds),
    trusted,
    stalenessMilliseconds: staleness === null ? null : Math.round(staleness),
    breaker: store.breaker,
    firstLevel,
  }
}

type ClassFigures = ProcessFigures['classes'][number]

/** In the order in which the service defines them. */
function classesOf(all: readonly ProcessFigures[]): CacheClassView[] {
  const byName = Map.groupBy(
    all.flatMap(({ classes }) => classes),
    ({ name }) => name,
  )
  return [...byName].map(([name, counted]) => ({
    name,
    reads: {
      l1: sum(counted, ({ reads }) => reads.l1),
      joined: sum(counted, ({ reads }) => reads.joined),
      redis: sum(counted, ({ reads }) => reads.redis),
      database: sum(counted, ({ reads }) => reads.database),
    },
    bypasses: sum(counted, ({ bypasses }) => sum(Object.values(bypasses), (count) => count)),
    failSafeServed: sum(counted, ({ staleServed }) => staleServed['fail-safe']),
    loads: loadsOf(counted),
    waits: {
      answered: sum(counted, ({ waits }) => waits.answered),
      gaveUp: sum(counted, ({ waits }) => waits.gaveUp),
      milliseconds: sum(counted, ({ waits }) => waits.milliseconds),
    },
    loading: sum(counted, ({ loading }) => loading),
    waiting: sum(counted, ({ waiting }) => waiting),
  }))
}

const loadsOf = (counted: readonly ClassFigures[]): CacheClassView['loads'] => ({
  succeeded: sum(counted, ({ loads }) => loads.succeeded),
  failed: sum(counted, ({ loads }) => loads.timeout + loads.abandoned + loads.error),
  refused: sum(counted, ({ loadsRefused }) => loadsRefused['queue-full'] + loadsRefused['queue-timeout']),
  milliseconds: sum(counted, ({ loads }) => loads.milliseconds),
})

function hottestOf(all: readonly ProcessFigures[]): CacheView['hottest'] {
  const reads = new Map<string, CacheView['hottest'][number]>()
  for (const hot of all.flatMap(({ hottest }) => hottest)) {
    const id = `${hot.class}:${hot.key}`
    reads.set(id, { ...hot, reads: hot.reads + (reads.get(id)?.reads ?? 0) })
  }
  return [...reads.values()].sort((one, other) => other.reads - one.reads).slice(0, hottestShown)
}

function sum<Item>(items: readonly Item[], of: (item: Item) => number): number {
  return items.reduce((total, item) => total + of(item), 0)
}

/** null where nobody says. */
function greatest<Item>(items: readonly Item[], of: (item: Item) => number | undefined): number | null {
  const known = items.map(of).filter((value) => typeof value === 'number')
  return known.length === 0 ? null : Math.max(...known)
}
