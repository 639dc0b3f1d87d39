import type { ReverseProxy } from '@alicerce/reverse-proxy'
import type { Telemetry } from '@alicerce/service-kit'
import { Gauge } from 'prom-client'
import type { CurrentConfiguration } from './current-configuration.ts'
import { DurationMetric, type DurationSeries } from './duration-metric.ts'

type Labels = Readonly<Record<string, string>>

/**
 * Shows how things stand when the metrics are read: requests pay nothing for it. What a reload takes away is not shown any more. Labels are names
 * of the configuration, so a client can make none.
 */
export function measureStanding(
  { registry }: Telemetry,
  proxy: ReverseProxy,
  configuration: Pick<CurrentConfiguration, 'lastReading'>,
): void {
  function gauge(name: string, help: string, labels: string[], read: () => Iterable<[Labels, number]>): void {
    new Gauge({
      ...{ name: `gateway_${name}`, help, labelNames: labels, registers: [registry] },
      collect() {
        this.reset()
        for (const [values, value] of read()) this.set(values, value)
      },
    })
  }
  const clusters = () => [...proxy.snapshot().clusters.values()]
  const destinations = () =>
    clusters().flatMap(({ configuration: { id }, destinations: all }) =>
      all.map((destination) => ({
        destination,
        labels: { cluster: id, destination: destination.configuration.id },
      })),
    )
  const ofDestination = ['cluster', 'destination']

  // Not `gateway_…`: the name that OpenTelemetry has for it.
  new DurationMetric(
    registry,
    'http_client_request_duration_seconds',
    'Time from the beginning of a request to a destination to the head of its answer, by status; 0 where none came',
    function* (): Generator<DurationSeries> {
      for (const { destination, labels } of destinations())
        for (const [status, durations] of destination.answers)
          yield [{ ...labels, http_response_status_code: status }, durations]
    },
  )

  gauge('destination_in_flight', 'Requests at work and open WebSockets, by destination', ofDestination, () =>
    destinations().map(({ destination, labels }) => [labels, destination.inFlight]),
  )
  gauge('destination_unhealthy', '1 where probes or failures have taken it out', ofDestination, () =>
    destinations().map(({ destination: { active, passive }, labels }) => [
      labels,
      active.health === 'unhealthy' || passive.health === 'unhealthy' ? 1 : 0,
    ]),
  )
  gauge('destination_breaker', '1 for the state that its breaker is in', [...ofDestination, 'state'], () =>
    destinations().flatMap(({ destination: { breaker }, labels }) =>
      breaker ? [[{ ...labels, state: breaker.state }, 1] as [Labels, number]] : [],
    ),
  )
  gauge('retries_left', 'Retries and hedges that the budget of a cluster still has', ['cluster'], () =>
    clusters().flatMap(({ configuration: { id }, budget }) =>
      budget ? [[{ cluster: id }, budget.left] as [Labels, number]] : [],
    ),
  )
  gauge('output_cache_bytes', 'What all output caches of this gateway hold in memory', [], () => [
    [{}, proxy.outputCacheBytes()],
  ])
  gauge(
    'configuration_faults',
    'Faults of the file as it was read last; then the one before serves',
    [],
    () => [[{}, configuration.lastReading().faults.length]],
  )
  gauge('configuration_read_timestamp_seconds', 'When the file was read last', [], () => [
    [{}, Date.parse(configuration.lastReading().at) / 1000],
  ])
}
