import { median } from '#src/measure/statistics.ts'
import { rounded, type Table } from '#src/report.ts'
import { get } from './requests.ts'
import { inTurns, paired, type Target } from './rounds.ts'
import type { Subject } from './subject.ts'
import { onRoute, routes } from './subjects/gateway.ts'
import { shown } from './tables.ts'

/** The processes of which the steps are made. */
export type PolicyProcesses = {
  engine: Subject
  withoutServerTiming: Subject
  withoutLog: Subject
  /** Behind it nobody watches health. */
  unwatched: Subject
  gateway: Subject
}

/** What each policy costs beyond the step before it, in µs of CPU time a request, as far as the noise of the machine lets it be seen. */
export async function measurePolicies(
  { engine, withoutServerTiming, withoutLog, unwatched, gateway }: PolicyProcesses,
  authorization: string,
): Promise<Table> {
  const targets = [
    { ...engine, name: 'none: the engine alone' },
    onRoute(withoutServerTiming, routes.anonymous, 'trace, metrics, security headers'),
    onRoute(withoutLog, routes.anonymous, 'Server-Timing'),
    onRoute(withoutLog, routes.token, 'token validation (a remembered token), revocations'),
    onRoute(withoutLog, routes.role, 'scope, role and person'),
    onRoute(withoutLog, routes.limited, 'rate limit'),
    onRoute(unwatched, routes.limited, 'access log'),
    { ...gateway, name: 'passive health of the destination' },
  ].map((subject) => get('200 B')(subject, authorization) as Target)
  const rounds = await inTurns('Policies', targets, { rounds: 7, seconds: 1 })
  const costs = targets.map(({ name }, number) => {
    const before = targets[number - 1]?.name
    return before === undefined ? Number.NaN : paired(rounds, name, before, (one, two) => one.cpu - two.cpu)
  })
  return {
    title:
      'What each policy adds to the whole process, switched on one after the other: GET 200 B, CPU µs a request, in pairs of rounds',
    rows: targets.map(({ name: policy }, number) => ({
      policy,
      'µs a request': shown(costs[number] as number),
      'all so far': rounded(median((rounds.get(policy) ?? []).map(({ cpu }) => cpu))),
    })),
  }
}
