import type { Server } from 'node:http'
import { createAdminServer, type Log } from '@alicerce/service-kit'
import { AggregatorRegistry, Registry } from 'prom-client'
import { metricsPath } from '#src/admin-pages.ts'
import type { WorkerPlace } from './worker-place.ts'

const timeoutMilliseconds = 1500

/** Health and metrics of all workers in one: ready where each of them is, since the kernel sends clients to each. */
export function createWorkersAdmin(
  places: readonly WorkerPlace[],
  { isStopping, log }: { isStopping: () => boolean; log: Log },
): Server {
  return createAdminServer({
    readiness: Object.fromEntries(
      places.map((place) => [`worker ${place.number}`, () => ask(place, '/health/ready')]),
    ),
    registry: {
      contentType: Registry.PROMETHEUS_CONTENT_TYPE,
      async metrics() {
        const each = await Promise.all(places.map((place) => ask(place, metricsPath)))
        return AggregatorRegistry.aggregate(each as never).metrics()
      },
    },
    pages: {
      '/routes': async () => ({ workers: await Promise.all(places.map((place) => ask(place, '/routes'))) }),
      '/workers': () => ({
        workers: places.map(({ number, worker: { pid, adminUrl } }) => ({ number, pid, adminUrl })),
      }),
    },
    isStopping,
    log,
  })
}

async function ask({ worker, number }: WorkerPlace, path: string): Promise<unknown> {
  const response = await fetch(worker.adminUrl + path, { signal: AbortSignal.timeout(timeoutMilliseconds) })
  if (!response.ok) throw new Error(`Worker ${number} answers ${response.status} to ${path}`)
  return response.json()
}
