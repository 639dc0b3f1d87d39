import type { LoadBalancingPolicy } from '#src/configuration/proxy-configuration.ts'
import type { Destination } from './destination.ts'

/** Chooses one of at least one destination. */
export type Balancer = (available: readonly Destination[]) => Destination

/** Makes a balancer. `random` gives numbers from 0 to below 1. */
export function createBalancer(policy: LoadBalancingPolicy, random: () => number): Balancer {
  let turn = 0
  const any = (list: readonly Destination[]) => list[Math.floor(random() * list.length)] as Destination
  const balancers: Record<LoadBalancingPolicy, Balancer> = {
    FirstAlphabetical: (list) =>
      list.reduce((first, one) => (one.configuration.id < first.configuration.id ? one : first)),
    Random: any,
    RoundRobin: (list) => list[turn++ % list.length] as Destination,
    LeastRequests: (list) => list.reduce((least, one) => (one.inFlight < least.inFlight ? one : least)),
    PowerOfTwoChoices(list) {
      if (list.length === 1) return list[0] as Destination
      const first = any(list)
      const second = any(list.filter((one) => one !== first))
      return second.inFlight < first.inFlight ? second : first
    },
  }
  return balancers[policy]
}
