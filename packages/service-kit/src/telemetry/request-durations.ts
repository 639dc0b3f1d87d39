import type { Registry } from 'prom-client'

/** Others are `_OTHER`, as OpenTelemetry names them. */
const methods = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'CONNECT'])

type Series = {
  readonly labels: Readonly<Record<string, string | number>>
  /** One more than there are bounds: the last counts what is above all of them. */
  readonly counts: number[]
  sum: number
}

type Labels = Readonly<Record<string, string | number>>

type MetricValue = { metricName: string; value: number; labels?: Labels; sharedLabels?: Labels }

type Metric = { name: string; help: string; type: string; aggregator: string; values: MetricValue[] }

const bounds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

/**
 * How long requests took, as a histogram by route, method and status. prom-client's own works its labels into a text for each value; this
 * one, which every request passes, finds its series by one look into a map, and makes texts when somebody reads the metrics.
 */
export class RequestDurations {
  readonly name = 'http_server_request_duration_seconds'
  readonly help = 'Time from the first byte of a request to the last of its response'
  readonly type = 'histogram'
  readonly aggregator = 'sum'
  readonly #series = new Map<string, Series>()

  constructor(registry: Registry) {
    registry.registerMetric(this as never)
  }

  observe(route: string, written: string, status: number, milliseconds: number): void {
    // A client can make up methods, over HTTP/2 any: a series for each would be memory without end.
    const method = methods.has(written) ? written : '_OTHER'
    const key = `${route} ${method} ${status}`
    let series = this.#series.get(key)
    if (!series) {
      const labels = { http_route: route, http_request_method: method, http_response_status_code: status }
      series = { labels, counts: new Array<number>(bounds.length + 1).fill(0), sum: 0 }
      this.#series.set(key, series)
    }
    const seconds = milliseconds / 1000
    let slot = 0
    while (slot < bounds.length && seconds > (bounds[slot] as number)) slot++
    series.counts[slot] = (series.counts[slot] as number) + 1
    series.sum += seconds
  }

  /** For the text that a registry makes, in the form of prom-client's own histograms. */
  async getForPromString(): Promise<Metric> {
    const { name, help, type, aggregator } = this
    const values = [...this.#series.values()].flatMap((series) => this.#valuesOf(series))
    return { name, help, type, aggregator, values }
  }

  /** The same for whoever adds several registries up: they look at no labels but those of each value. */
  async get(): Promise<Metric> {
    const metric = await this.getForPromString()
    const values = metric.values.map(({ sharedLabels, labels, ...value }) => ({
      ...value,
      labels: { ...sharedLabels, ...labels },
    }))
    return { ...metric, values }
  }

  reset(): void {
    this.#series.clear()
  }

  #valuesOf({ labels: sharedLabels, counts, sum }: Series): MetricValue[] {
    let total = 0
    const buckets = counts.map((count, slot) => {
      total += count
      const labels = { le: bounds[slot] ?? '+Inf' }
      return { metricName: `${this.name}_bucket`, labels, sharedLabels, value: total }
    })
    const ends = [
      { metricName: `${this.name}_sum`, sharedLabels, value: sum },
      { metricName: `${this.name}_count`, sharedLabels, value: total },
    ]
    return [...buckets, ...ends]
  }
}
