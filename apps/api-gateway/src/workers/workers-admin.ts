import type { Server } from 'node:http'
import { createAdminServer, type Log } from '@alicerce/service-kit'
import { AggregatorRegistry, Registry } from 'prom-client'
import { figuresPath, metricsPath } from '#src/admin-pages.ts'
import type { WorkerFigures } from '#src/gateway-view/worker-figures.ts'
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

/** The live figures of all workers that tell them in time. */
export async function gatherFigures(places: readonly WorkerPlace[]): Promise<WorkerFigures[]> {
  const told = await Promise.allSettled(
    places.map(async (place) => {
      const figures = (await ask(place, figuresPath)) as WorkerFigures
      return { ...figures, worker: place.number }
    }),
  )
  return told.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []))
}

async function ask({ worker, number }: WorkerPlace, path: string): Promise<unknown> {
  const response = await fetch(worker.adminUrl + path, { signal: AbortSignal.timeout(timeoutMilliseconds) })
  if (!response.ok) throw new Error(`Worker ${number} answers ${response.status} to ${path}`)
  return response.json()
}
