import { setTimeout as sleep } from 'node:timers/promises'
import { progress } from '#src/report.ts'
import { startBadClients } from './bad-clients.ts'
import { faultsOf } from './faults.ts'
import { startLoad, type Tally } from './load.ts'
import type { Setting } from './setting.ts'

export const stormSeconds = 60
export const calmSeconds = 8
export const badClients = { idle: 10_000, slowWriters: 50, slowReaders: 50 }
const faultMilliseconds = 1500
const reloadMilliseconds = 100

/** What became of a storm. */
export type Outcome = {
  tally: Tally
  reloads: number
  /** Milliseconds from the last fault to the last failure. */
  recovery: number
  /** How often each fault came. */
  faults: ReadonlyMap<string, number>
}

/** Lets one fault follow the other under load, beside bad clients and with a new configuration ten times a second. */
export async function rage(setting: Setting): Promise<Outcome> {
  const letGo = await startBadClients(setting.url, setting.token(), badClients)
  const load = startLoad(setting.url, setting.token)
  let reloads = 0
  const reloading = setInterval(() => {
    reloads++
    void setting.reload()
  }, reloadMilliseconds)
  const faults = faultsOf(setting.services, setting)
  const happened = new Map<string, number>()
  const endsAt = performance.now() + stormSeconds * 1000
  for (let number = 0; performance.now() < endsAt; number++) {
    const fault = faults[number % faults.length] as (typeof faults)[number]
    happened.set(fault.name, (happened.get(fault.name) ?? 0) + 1)
    await fault.run(faultMilliseconds)
    progress(`${fault.name}: ${JSON.stringify(load.tally)}`)
    await sleep(300)
  }
  const calmAt = performance.now()
  clearInterval(reloading)
  await sleep(calmSeconds * 1000)
  await load.stop()
  letGo()
  const recovery = Math.max(0, load.tally.lastFailure - calmAt)
  return { tally: load.tally, reloads, recovery, faults: happened }
}
