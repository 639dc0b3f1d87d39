import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { startPeer } from '#src/measure/peer.ts'
import { cores, pin } from '#src/measure/pinned.ts'
import { residentMegabytesOf } from '#src/measure/process-usage.ts'
import { progress, rounded, type Table } from '#src/report.ts'
import { get } from './requests.ts'
import type { Subject } from './subject.ts'
import { pathOf } from './upstream.ts'

const connections = 2000
const settleMilliseconds = 500

/** What connections cost that do nothing, each after one request. */
export async function measureIdle(subjects: readonly Subject[], authorization: string): Promise<Table> {
  const rows: Table['rows'] = []
  for (const subject of subjects) {
    // Else what the first requests take would count as the connections'.
    await get('200 B')(subject, authorization)?.load(1)
    await sleep(settleMilliseconds)
    const before = residentMegabytesOf(subject.pid).now
    const script = join(import.meta.dirname, 'processes/idle-connections.ts')
    const holder = await startPeer(script, subject.url + pathOf('200 B'), String(connections), authorization)
    pin(holder.pid, cores.others)
    await sleep(settleMilliseconds)
    const after = residentMegabytesOf(subject.pid).now
    await holder.stop()
    const perThousand = ((after - before) * 1000) / connections
    progress(`${connections} idle connections, ${subject.name}: ${rounded(perThousand)} MB per 1,000`)
    rows.push({
      subject: subject.name,
      'RSS before, MB': rounded(before),
      'MB per 1,000': rounded(Math.max(0, perThousand)),
    })
  }
  return { title: `Memory of idle connections (${connections}, after one request each)`, rows }
}
