import { join } from 'node:path'
import { profileDuring, sharesByGroup } from '#src/measure/cpu-profile.ts'
import { connectInspector } from '#src/measure/node-inspector.ts'
import { cores, pin } from '#src/measure/pinned.ts'
import { progress, rounded, type Table } from '#src/report.ts'
import { get } from './requests.ts'
import { inTurns, type Target } from './rounds.ts'
import type { Surroundings } from './subject.ts'
import { type GatewayParts, gateway } from './subjects/gateway.ts'

const seconds = 10
const warmUpRequests = 60_000

/** What belongs to which policy, by the files that it is made of. The first that fits counts. */
const policies: readonly (readonly [policy: string, files: RegExp])[] = [
  ['scope, role and person', /access-tokens\/src\/policy\.ts$/],
  ['token validation, revocations', /access-tokens\/src\/|api-gateway\/src\/authorization\.ts$/],
  ['rate limit', /rate-limits\/src\/|api-gateway\/src\/rate-limits\//],
  ['trace', /api-gateway\/src\/exchange-notes\.ts$|service-kit\/src\/telemetry\/trace/],
  ['Server-Timing, security headers', /api-gateway\/src\/answers\.ts$/],
  ['metrics', /api-gateway\/src\/metrics\.ts$|service-kit\/src\/telemetry\/|prom-client\//],
  ['figures of the last minute', /api-gateway\/src\/gateway-view\/|reverse-proxy\/src\/live\//],
  ['access log', /api-gateway\/src\/access-log\//],
  ['health, breakers', /reverse-proxy\/src\/(?:clusters\/health|resilience\/)/],
  ['CORS', /reverse-proxy\/src\/cors\//],
]

/**
 * What each policy costs, looked at from inside: its share of the samples of a CPU profile, while one gateway passes requests on with all policies
 * on, of the CPU time that a request takes without a profiler. Differences of whole processes are as small as the noise of a machine; this is not.
 * Collecting what policies leave behind is a row of its own.
 */
export async function profilePolicies(
  surroundings: Surroundings,
  ours: Omit<GatewayParts, 'isInspected'>,
  authorization: string,
): Promise<{ table: Table; most: number }> {
  const subject = await gateway(surroundings, { ...ours, isInspected: true })
  try {
    pin(subject.pid, cores.subject)
    const target = get('200 B')(subject, authorization) as Target
    // By requests, and not by time: on a busy machine it takes long until all is compiled.
    for (let warm = 0; warm < warmUpRequests; ) warm += (await target.load(2)).requests
    const rounds = await inTurns('All policies', [target], { rounds: 1, seconds: 5 })
    const [{ cpu } = { cpu: Number.NaN }] = rounds.get(target.name) ?? []
    progress(`Profiling the policies for ${seconds} s`)
    const inspector = await connectInspector(join(surroundings.folder, 'output.log'))
    const profile = await profileDuring(inspector, async () => void (await target.load(seconds)))
    inspector.close()
    const shares = sharesByGroup(profile, ({ functionName, url }) => {
      if (functionName === '(garbage collector)') return functionName
      return policies.find(([, files]) => files.test(url))?.[0]
    })
    const costs = policies.map(([policy]) => ({ policy, cost: (shares.get(policy) ?? 0) * cpu }))
    const collecting = (shares.get('(garbage collector)') ?? 0) * cpu
    return {
      table: {
        title: `What each policy costs, by a CPU profile of ${seconds} s with all of them on: GET 200 B, µs a request`,
        rows: [
          ...costs,
          { policy: '(collecting garbage, of everything)', cost: collecting },
          { policy: '(all of a request)', cost: cpu },
        ].map(({ policy, cost }) => ({ policy, 'µs a request': rounded(cost) })),
      },
      most: Math.max(...costs.map(({ cost }) => cost)),
    }
  } finally {
    await subject.stop()
  }
}
