import type { GatewayCluster, GatewayDestination } from '@alicerce/api-client'

/** Whether a destination is chosen, and why; the reasons are keys of texts. */
export type DestinationState = {
  state: 'in' | 'out' | 'trying'
  reasons: (
    | 'probesAnswer'
    | 'probesFail'
    | 'requestsFail'
    | 'worseThanOthers'
    | 'breakerTrying'
    | 'panic'
    | 'nothingKnown'
  )[]
  /** How long its breaker stays open, in seconds; undefined where it is not open. */
  openSeconds: number | undefined
}

type Policy = Pick<GatewayCluster, 'availableDestinationsPolicy'> & {
  destinations: readonly Pick<GatewayDestination, 'health'>[]
}

/** What the gateway does with a destination, told of its health, its breaker and its peers. */
export function stateOf(
  { availableDestinationsPolicy, destinations }: Policy,
  destination: Pick<GatewayDestination, 'health' | 'breaker' | 'ejection'>,
): DestinationState {
  const { health, breaker, ejection } = destination
  const reasons: DestinationState['reasons'] = []
  if (health.active === 'unhealthy') reasons.push('probesFail')
  if (health.passive === 'unhealthy') reasons.push('requestsFail')
  const isUnwell = reasons.length > 0
  const isPanic = availableDestinationsPolicy === 'HealthyOrPanic' && destinations.every(isUnhealthy)
  if (isUnwell && isPanic) reasons.push('panic')
  const isEjected = ejection !== null && ejection.remainingMilliseconds > 0
  if (isEjected) reasons.push('worseThanOthers')
  const openSeconds = breaker?.state === 'open' ? Math.ceil(breaker.remainingMilliseconds / 1000) : undefined
  // When its time is over, the next request is its trial.
  const isTrying = breaker?.state === 'half-open' || openSeconds === 0
  if (isTrying) reasons.push('breakerTrying')
  if (health.active === 'healthy') reasons.push('probesAnswer')
  const isOpen = openSeconds !== undefined && openSeconds > 0
  if (reasons.length === 0 && !isOpen) reasons.push('nothingKnown')
  const isOut = isOpen || isEjected || (isUnwell && !isPanic)
  return {
    state: isOut ? 'out' : isTrying ? 'trying' : 'in',
    reasons,
    openSeconds: isOpen ? openSeconds : undefined,
  }
}

const isUnhealthy = ({ health }: Pick<GatewayDestination, 'health'>) =>
  health.active === 'unhealthy' || health.passive === 'unhealthy'
