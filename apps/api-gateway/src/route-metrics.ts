import { DurationCounts, type Exchange } from '@alicerce/reverse-proxy'
import { Counter, type Registry } from 'prom-client'
import { DurationMetric, type DurationSeries } from './duration-metric.ts'

/** The stages of an exchange that are measured by themselves (GW-65). */
const stages = ['queue', 'connect', 'firstByte', 'body'] as const

/** As the metrics name them. */
const stageNames = { queue: 'queue', connect: 'connect', firstByte: 'first_byte', body: 'body' }

type RouteCounts = { received: number; sent: number } & Record<(typeof stages)[number], DurationCounts>

/**
 * Counts the bytes of the bodies and the stages of the exchanges, by route. An exchange costs one look into a map and some additions: series are made
 * when somebody reads the metrics.
 */
export function createRouteMetrics(registry: Registry): (exchange: Exchange) => void {
  const counts = new Map<string, RouteCounts>()

  new DurationMetric(
    registry,
    'gateway_stage_duration_seconds',
    'How long exchanges were in each stage: waiting for a turn or a connection (queue), opening one (connect), until the answer began (first_byte) and until it ended (body)',
    function* (): Generator<DurationSeries> {
      for (const [route, own] of counts)
        for (const stage of stages) yield [{ route, stage: stageNames[stage] }, own[stage]]
    },
  )

  function countBytes(name: string, help: string, read: (own: RouteCounts) => number): void {
    new Counter({
      ...{ name, help, labelNames: ['route'], registers: [registry] },
      collect() {
        this.reset()
        for (const [route, own] of counts) this.inc({ route }, read(own))
      },
    })
  }
  countBytes('gateway_received_bytes_total', 'Bytes of bodies that clients sent', ({ received }) => received)
  countBytes('gateway_sent_bytes_total', 'Bytes of bodies that clients were sent', ({ sent }) => sent)

  return ({ route, receivedBytes, sentBytes, timings }) => {
    const name = route?.id ?? 'none'
    let own = counts.get(name)
    if (!own) {
      own = createCounts()
      counts.set(name, own)
    }
    own.received += receivedBytes
    own.sent += sentBytes
    for (const stage of stages) {
      const milliseconds = timings[stage]
      if (milliseconds !== undefined) own[stage].add(milliseconds)
    }
  }
}

const createCounts = (): RouteCounts => ({
  ...{ received: 0, sent: 0, queue: new DurationCounts(), connect: new DurationCounts() },
  ...{ firstByte: new DurationCounts(), body: new DurationCounts() },
})
