import type {
  ActiveHealthConfiguration,
  PassiveHealthConfiguration,
} from '#src/configuration/proxy-configuration.ts'
import type { Clock } from '#src/ports.ts'
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

/** Probes destinations until it is stopped. The next round begins when the last has ended, so that probes never pile up. */
export function startActiveHealth(
  destinations: readonly Destination[],
  { intervalMilliseconds, timeoutMilliseconds, path, threshold }: ActiveHealthConfiguration,
  random: () => number,
): () => void {
  let timer: NodeJS.Timeout | undefined
  let stopped = false
  async function round(): Promise<void> {
    await Promise.all(destinations.map((destination) => probe(destination)))
    if (!stopped) timer = setTimeout(round, intervalMilliseconds * (0.9 + random() * 0.2)).unref()
  }
  async function probe({ configuration, active }: Destination): Promise<void> {
    const url = `${configuration.health}${path.startsWith('/') ? path : `/${path}`}`
    const healthy = await answers(url, timeoutMilliseconds)
    active.failures = healthy ? 0 : active.failures + 1
    if (healthy) active.health = 'healthy'
    else if (active.failures >= threshold) active.health = 'unhealthy'
  }
  void round()
  return () => {
    stopped = true
    clearTimeout(timer)
  }
}

async function answers(url: string, timeoutMilliseconds: number): Promise<boolean> {
  try {
    const response = await fetch(url, {
      redirect: 'manual',
      signal: AbortSignal.timeout(timeoutMilliseconds),
    })
    await response.body?.cancel()
    return response.ok
  } catch {
    return false
  }
}
