import { median } from '#src/measure/statistics.ts'
import { rounded, type Table } from '#src/report.ts'
import { get } from './requests.ts'
import { inTurns, paired, type Target } from './rounds.ts'
import type { Subject } from './subject.ts'
import { routes } from './subjects/gateway.ts'
import { shown } from './tables.ts'

/** The processes of which the steps are made. */
export type PolicyProcesses = { engine: Subject; withoutServerTiming: Subject; gateway: Subject }

/** What each policy costs beyond the step before it, in µs of CPU time a request. */
export async function measurePolicies(
  { engine, withoutServerTiming, gateway }: PolicyProcesses,
  authorization: string,
): Promise<{ table: Table; most: number }> {
  const steps: [string, Subject][] = [
    ['none: the engine alone', engine],
    ['trace, metrics, security headers', on(withoutServerTiming, routes.anonymous)],
    ['Server-Timing', on(gateway, routes.anonymous)],
    ['token validation (a remembered token), revocations', on(gateway, routes.token)],
    ['scope, role and person', on(gateway, routes.role)],
  ]
  const targets = steps.map(([name, subject]) => get('200 B')({ ...subject, name }, authorization) as Target)
  const rounds = await inTurns('Policies', targets, { rounds: 9, seconds: 1 })
  const costs = steps.map(([name], number) => {
    const before = steps[number - 1]?.[0]
    return before === undefined ? Number.NaN : paired(rounds, name, before, (one, two) => one.cpu - two.cpu)
  })
  return {
    table: {
      title:
        'What each policy costs, switched on one after the other: GET 200 B, CPU µs a request, in pairs of rounds',
      rows: steps.map(([policy], number) => ({
        policy,
        'µs a request': shown(costs[number] as number),
        'all so far': rounded(median((rounds.get(policy) ?? []).map(({ cpu }) => cpu))),
      })),
    },
    // Math.max makes NaN of any NaN: a step with errors has no bar.
    most: Math.max(...costs.slice(1)),
  }
}

const on = (subject: Subject, route: string): Subject => ({
  ...subject,
  url: new URL(route, subject.url).href,
})
