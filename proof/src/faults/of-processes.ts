import { setTimeout as sleep } from 'node:timers/promises'
import { between, oneOf } from '../random.ts'
import type { Blow } from '../world/service-process.ts'
import { type Fault, fault } from './fault.ts'

const patience = 2000

/** Waits until a process comes to the point, and stops it there for a while, or kills it. */
const atPoint = (name: string, blow: Blow): Fault => ({
  name,
  async strike({ services }, random) {
    const service = oneOf(random, services)
    if (!(await service.strikeAt(blow, patience))) return false
    if (blow.signal === 'SIGKILL') await service.restart()
    else {
      await sleep(between(random, 300, 4000))
      service.thaw()
    }
    return true
  },
})

/** Nobody invalidates: whichever relay takes the row pauses with its lock on it. */
const nobodyInvalidates: Fault = {
  name: 'a writer pauses after COMMIT, and the relay that would help',
  async strike({ services }, random) {
    const writer = oneOf(random, services)
    const others = services.filter((service) => service !== writer)
    const relaysStruck = others.map((service) =>
      service.strikeAt({ point: 'relaying', signal: 'SIGSTOP' }, 2 * patience),
    )
    const struck = await writer.strikeAt({ point: 'committed', signal: 'SIGSTOP' }, patience)
    if (struck) await sleep(between(random, 1500, 5000))
    for (const service of services) service.thaw()
    await Promise.all(relaysStruck) // a relay may be struck only now
    for (const service of services) service.thaw()
    return struck
  },
}

export const diesBeforeInvalidation = atPoint('a process dies between COMMIT and invalidation', {
  point: 'committed',
  signal: 'SIGKILL',
})

/** What happens to processes of the service. */
export const processFaults: readonly Fault[] = [
  fault('a process is killed', ({ services }, random) => oneOf(random, services).kill()),
  fault('a process stands still', async ({ services }, random) => {
    const service = oneOf(random, services)
    service.freeze()
    await sleep(between(random, 300, 5000))
    service.thaw()
  }),
  fault('an event loop is blocked', async ({ services }, random) => {
    const milliseconds = between(random, 500, 5000)
    oneOf(random, services).stall(milliseconds)
    await sleep(milliseconds)
  }),
  atPoint('a process pauses between the row and the fill', { point: 'row read', signal: 'SIGSTOP' }),
  atPoint('a process pauses before it fills', { point: 'about to store', signal: 'SIGSTOP' }),
  atPoint('a process pauses between COMMIT and invalidation', { point: 'committed', signal: 'SIGSTOP' }),
  diesBeforeInvalidation,
  atPoint('a process dies between invalidation and receipt', { point: 'delivered', signal: 'SIGKILL' }),
  atPoint('a process dies while it relays', { point: 'relaying', signal: 'SIGKILL' }),
  nobodyInvalidates,
]
