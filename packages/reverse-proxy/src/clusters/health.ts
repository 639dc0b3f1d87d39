import type {
  ActiveHealthConfiguration,
  PassiveHealthConfiguration,
} from '#src/configuration/proxy-configuration.ts'
import { createForwarder } from '#src/forwarding/create-forwarder.ts'
import type { UpstreamConnection } from '#src/forwarding/upstream-connection.ts'
import type { Clock } from '#src/ports.ts'
import { answersWell } from './answers-well.ts'
import { type Destination, passiveWindowMilliseconds } from './destination.ts'

const leastOutcomes = 10

/** Notes how an exchange went, and takes a destination out when too many failed in the last minute (YARP's TransportFailureRate). */
export function notePassive(
  { passive }: Destination,
  failed: boolean,
  { rateLimit, reactivationMilliseconds }: PassiveHealthConfiguration,
  clock: Clock,
): void {
  const now = clock.now()
  passive.outcomes.add(failed, now)
  // A success never takes a destination out.
  if (!failed || passive.health === 'unhealthy') return
  const { total, failureRatio } = passive.outcomes.read(now)
  if (total < leastOutcomes || failureRatio < rateLimit) return
  passive.health = 'unhealthy'
  const reactivate = () => {
    passive.health = 'unknown'
    passive.outcomes.clear()
  }
  setTimeout(reactivate, Math.max(reactivationMilliseconds, passiveWindowMilliseconds)).unref()
}

/** What probes need besides the destinations. */
export type ProbeParts = {
  health: ActiveHealthConfiguration
  connection: UpstreamConnection
  random: () => number
}

/**
 * Probes destinations until it is stopped, on connections of its own: a destination that has much to do is not unhealthy. The next round begins
 * when the last has ended, so that probes never pile up. What was probed a moment ago, under another configuration, is not probed at once again:
 * reloads would make a flood of probes.
 */
export function startActiveHealth(
  destinations: readonly Destination[],
  { health, connection, random }: ProbeParts,
): () => void {
  // Names are not resolved yet, or nobody is there.
  if (destinations.length === 0) return () => {}
  const { intervalMilliseconds, timeoutMilliseconds, path, threshold } = health
  const probes = destinations.map((destination) => {
    const { origin, pathname } = new URL(destination.configuration.health)
    const target = pathname.replace(/\/$/, '') + (path.startsWith('/') ? path : `/${path}`)
    return {
      destination,
      target,
      forwarder: createForwarder(origin, connection, destination.configuration.serverName),
    }
  })
  let timer: NodeJS.Timeout | undefined
  let stopped = false

  async function round(): Promise<void> {
    await Promise.all(
      probes.map(async ({ destination: { configuration, active }, target, forwarder }) => {
        active.probedAt = performance.now()
        const isHealthy = await answersWell(forwarder, {
          target,
          host: configuration.host,
          timeoutMilliseconds,
        })
        active.failures = isHealthy ? 0 : active.failures + 1
        if (isHealthy) active.health = 'healthy'
        else if (active.failures >= threshold) active.health = 'unhealthy'
      }),
    )
    if (!stopped) timer = setTimeout(round, intervalMilliseconds * (0.9 + random() * 0.2)).unref()
  }
  const longestAgo = Math.min(...destinations.map(({ active }) => active.probedAt))
  const dueIn = longestAgo + intervalMilliseconds - performance.now()
  if (dueIn > 0) timer = setTimeout(round, dueIn).unref()
  else void round()
  return () => {
    stopped = true
    clearTimeout(timer)
    for (const { forwarder } of probes) void forwarder.close()
  }
}
