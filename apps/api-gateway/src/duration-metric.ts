import { type DurationCounts, durationBounds } from '@alicerce/reverse-proxy'
import type { Registry } from 'prom-client'

type Labels = Readonly<Record<string, string | number>>

type MetricValue = { metricName: string; value: number; labels: Labels }

/** What tells the series of a histogram apart, and what was counted of each. */
export type DurationSeries = readonly [labels: Labels, durations: DurationCounts]

/** A histogram of durations that are counted elsewhere: requests pay for a few additions, and the rest is done when somebody reads the metrics. */
export class DurationMetric {
  readonly name: string
  readonly help: string
  readonly type = 'histogram'
  readonly aggregator = 'sum'
  readonly #read: () => Iterable<DurationSeries>

  /** `read` gives all series of the moment. */
  constructor(registry: Registry, name: string, help: string, read: () => Iterable<DurationSeries>) {
    this.name = name
    this.help = help
    this.#read = read
    registry.registerMetric(this as never)
  }

  /** For whoever adds several registries up. */
  async get() {
    const { name, help, type, aggregator } = this
    return { name, help, type, aggregator, values: [...this.#read()].flatMap((one) => this.#valuesOf(one)) }
  }

  /** The same for the text that a registry makes. */
  getForPromString() {
    return this.get()
  }

  /** What is counted is not its own to forget. */
  reset(): void {}

  #valuesOf([labels, { counts, sum }]: DurationSeries): MetricValue[] {
    let total = 0
    const buckets = counts.map((count, slot) => {
      total += count
      const le = durationBounds[slot] ?? '+Inf'
      return { metricName: `${this.name}_bucket`, value: total, labels: { ...labels, le } }
    })
    return [
      ...buckets,
      { metricName: `${this.name}_sum`, value: sum, labels },
      { metricName: `${this.name}_count`, value: total, labels },
    ]
  }
}
