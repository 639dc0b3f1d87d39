import { setTimeout as sleep } from 'node:timers/promises'
import { until } from '@alicerce/testing'
import { between } from '../random.ts'
import { administer, follow, leave } from '../world/redis-side.ts'
import type { ServiceProcess } from '../world/service-process.ts'
import type { Fault } from './fault.ts'

/** The links of a process change servers with each other, as names do that always lead to the primary and to its replica. */
function lead(
  { redisLinks: [toPrimary, toReplica] }: ServiceProcess,
  primary: string,
  replica: string,
): void {
  toPrimary?.lead(primary)
  toReplica?.lead(replica)
}

/** The replica had fallen behind when the primary died: what was acknowledged meanwhile is lost. */
export const failover: Fault = {
  name: 'a replica takes over that had not heard of the last writes',
  async strike({ redis: { pair }, services }, random) {
    if (!pair) return false
    const { serving: dying, following: heir } = pair
    await leave(heir)
    await sleep(between(random, 0, 1500))
    await dying.kill()
    await sleep(between(random, 0, 1000))
    for (const service of services) lead(service, heir.url, dying.url)
    pair.change()
    await dying.restart()
    await follow(dying, heir)
    return true
  },
}

/** Until a process is led to the new primary it asks the old one, which is a replica now. */
export const plannedFailover: Fault = {
  name: 'a replica takes over as planned, and processes come to it one after the other',
  async strike({ redis: { pair }, services }, random) {
    if (!pair) return false
    const { serving: old, following: heir } = pair
    const { hostname, port } = new URL(heir.url)
    await administer(old, (client) => client.call('FAILOVER', 'TO', hostname, port))
    await administer(heir, (client) =>
      until(async () => String(await client.call('ROLE')).startsWith('master'), {
        timeoutMilliseconds: 60_000,
      }),
    )
    pair.change()
    for (const service of services) {
      await sleep(between(random, 0, 1500))
      lead(service, heir.url, old.url)
    }
    return true
  },
}

/** What happens to a primary that has a replica. */
export const pairFaults: readonly Fault[] = [failover, failover, plannedFailover]
