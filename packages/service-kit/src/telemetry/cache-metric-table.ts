import type { CacheFigures } from '@alicerce/cache-aside'

type Labels = Record<string, string>
type Sample = [labels: Labels, value: number]
type ClassFigures = CacheFigures['classes'][number]

/** One metric: what it says, and where its samples are found in the figures of a cache. */
export type CacheMetric = {
  name: string
  help: string
  kind: 'counter' | 'gauge'
  labels: string[]
  samples: (figures: CacheFigures) => Sample[]
}

const seconds = (milliseconds: number) => milliseconds / 1000
const each = (label: string, counts: Record<string, number>): Sample[] =>
  Object.entries(counts).map(([word, count]) => [{ [label]: word }, count])

/** A sample for each class, or several. Labels are its name and words of the cache, so there are few series. */
const ofClasses =
  (samples: (figures: ClassFigures) => Sample[]): CacheMetric['samples'] =>
  ({ classes }) =>
    classes.flatMap((figures) =>
      samples(figures).map(([labels, value]): Sample => [{ class: figures.name, ...labels }, value]),
    )
const ofCache =
  (value: (figures: CacheFigures) => number | undefined): CacheMetric['samples'] =>
  (figures) => {
    const found = value(figures)
    return found === undefined ? [] : [[{}, found]]
  }

const counter = (
  name: string,
  help: string,
  labels: string[],
  samples: CacheMetric['samples'],
): CacheMetric => ({
  ...{ name, help, kind: 'counter', labels, samples },
})
const gauge = (
  name: string,
  help: string,
  labels: string[],
  samples: CacheMetric['samples'],
): CacheMetric => ({
  ...{ name, help, kind: 'gauge', labels, samples },
})

/** All metrics that are read from figures. Labels are names of classes and words of the cache. */
export const cacheMetrics: readonly CacheMetric[] = [
  counter(
    'cache_reads_total',
    'Reads by the place that answered them: l1, redis, joined (another read was loading it), database',
    ['class', 'source'],
    ofClasses(({ reads }) => each('source', reads)),
  ),
  counter(
    'cache_bypasses_total',
    'Reads that went around the cache, by reason',
    ['class', 'reason'],
    ofClasses(({ bypasses }) => each('reason', bypasses)),
  ),
  counter(
    'cache_stale_served_total',
    'Values that were answered past their time: while they were loaded anew, or for trouble (fail-safe)',
    ['class', 'reason'],
    ofClasses(({ staleServed }) => each('reason', staleServed)),
  ),
  counter(
    'cache_untrusted_served_total',
    'Answers of the cache of which it was not certain that they keep the bound on staleness',
    ['class'],
    ofClasses(({ untrustedServed }) => [[{}, untrustedServed]]),
  ),
  counter(
    'cache_loads_refused_total',
    'Loads that got no turn, by reason: more than maximumLoads wanted to go on at once',
    ['class', 'reason'],
    ofClasses(({ loadsRefused }) => each('reason', loadsRefused)),
  ),
  gauge(
    'cache_loads_running',
    'Loads that are going on',
    ['class'],
    ofClasses(({ loading }) => [[{}, loading]]),
  ),
  gauge(
    'cache_loads_waiting',
    'Loads that wait for their turn',
    ['class'],
    ofClasses(({ waiting }) => [[{}, waiting]]),
  ),
  counter(
    'cache_lease_waits_total',
    'Waits for a load of another process; gave-up: it took so long that the read went around the cache',
    ['class', 'outcome'],
    ofClasses(({ waits }) => each('outcome', { answered: waits.answered, 'gave-up': waits.gaveUp })),
  ),
  counter(
    'cache_lease_wait_seconds_total',
    'Time of these waits',
    ['class'],
    ofClasses(({ waits }) => [[{}, seconds(waits.milliseconds)]]),
  ),
  counter(
    'cache_refreshes_total',
    'Loads beside a value that is kept, by outcome; gone: an invalidation took that away',
    ['class', 'outcome'],
    ofClasses(({ refreshes }) => each('outcome', refreshes)),
  ),
  counter(
    'cache_fills_refused_total',
    'Loaded values that were not kept, by reason; lease-lost: an invalidation overtook the load',
    ['class', 'reason'],
    ofClasses(({ fillsRefused }) => each('reason', fillsRefused)),
  ),
  counter(
    'cache_entries_undecodable_total',
    'Entries of the store that could not be read, and were as good as none',
    ['class'],
    ofClasses(({ undecodable }) => [[{}, undecodable]]),
  ),
  counter(
    'cache_invalidations_total',
    'Keys that were invalidated: at once after COMMIT, by the relay, or outside of a transaction',
    ['way', 'delivered'],
    ({ invalidations }) =>
      Object.entries(invalidations).flatMap(([way, { delivered, failed }]): Sample[] => [
        [{ way, delivered: 'yes' }, delivered],
        [{ way, delivered: 'no' }, failed],
      ]),
  ),
  gauge(
    'cache_breaker_state',
    '1 for the state in which the breaker of the store is: closed, half-open or open',
    ['state'],
    ({ store }) =>
      ['closed', 'half-open', 'open'].map((state) => [{ state }, store.breaker === state ? 1 : 0]),
  ),
  gauge(
    'cache_staleness_seconds',
    'How old at most a commit is that a cached answer misses (age of the watermark); +Inf while nobody knows and reads go around the cache',
    [],
    ofCache(({ staleness }) => seconds(staleness)),
  ),
  gauge(
    'cache_outbox_age_seconds',
    'How long the oldest invalidation waits that is not delivered; missing while the outbox does not say',
    [],
    ofCache(({ outboxAge }) => outboxAge && seconds(outboxAge)),
  ),
  counter(
    'cache_store_evicted_keys_total',
    'Keys that the store has dropped for want of memory since it began',
    [],
    ofCache(({ store }) => store.evictedKeys),
  ),
  counter(
    'cache_first_level_resets_total',
    'New epochs of the first level: its link was lost, the store emptied, or the process slept',
    [],
    ofCache(({ firstLevel }) => firstLevel.resets),
  ),
  gauge(
    'cache_first_level_live',
    'Whether changes reach the first level, so that it may answer',
    [],
    ofCache(({ firstLevel }) => Number(firstLevel.live)),
  ),
  gauge(
    'cache_first_level_entries',
    'Values in the first level',
    [],
    ofCache(({ firstLevel }) => firstLevel.entries),
  ),
  gauge(
    'cache_first_level_bytes',
    'Bytes of these values',
    [],
    ofCache(({ firstLevel }) => firstLevel.bytes),
  ),
]
