import { median } from '#src/measure/statistics.ts'
import { rounded, type Table } from '#src/report.ts'
import { get } from './requests.ts'
import { inTurns, paired, type Target } from './rounds.ts'
import type { Subject } from './subject.ts'
import { shown } from './tables.ts'
import type { Upstream } from './upstream.ts'

const direct = 'direct'

/** What a subject adds to the time of a request where nothing else is under way. */
export async function measureLowLoad(
  subjects: readonly Subject[],
  upstream: Upstream,
  authorization: string,
): Promise<Table> {
  const alone = { name: direct, pid: upstream.pid, url: upstream.origin, stop: async () => {} }
  const targets = [alone, ...subjects].map((subject) => get('200 B', 1)(subject, authorization) as Target)
  const rounds = await inTurns('One connection', targets, { rounds: 3, seconds: 1 })
  return {
    title:
      'Added latency, GET 200 B over 1 connection (p50 and p99 beyond those of the upstream asked directly, in the same round)',
    rows: targets.map(({ name }) => {
      const of = (key: 'p50' | 'p99') => (rounds.get(name) ?? []).map((round) => round[key])
      const added = (key: 'p50' | 'p99') => paired(rounds, name, direct, (one, two) => one[key] - two[key])
      return {
        subject: name,
        'p50 µs': rounded(median(of('p50'))),
        'p99 µs': rounded(median(of('p99'))),
        'added p50 µs': name === direct ? '' : shown(added('p50')),
        'added p99 µs': name === direct ? '' : shown(added('p99')),
      }
    }),
  }
}
