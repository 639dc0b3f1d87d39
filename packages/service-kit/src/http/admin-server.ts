import { createServer, type Server } from 'node:http'
import type { Registry } from 'prom-client'
import type { Log } from '#src/log.ts'
import { Problem, problemTypeBase } from '#src/problem/problem.ts'

/** Checks by the name of what they check. A check resolves when that is ready, and rejects when it is not. */
export type Readiness = Record<string, () => Promise<unknown>>

const checkMilliseconds = 2000

/** What a page says now, as JSON. A problem that it throws is answered as it is. */
export type AdminPage = (query: URLSearchParams) => object | Promise<object>

/** Health and metrics, on a port that the public does not reach. Liveness touches no dependency (SV-34). */
export function createAdminServer(options: {
  readiness: Readiness
  /** Says the metrics. */
  registry: Pick<Registry, 'contentType' | 'metrics'>
  isStopping: () => boolean
  /** Further pages, by path. */
  pages?: Readonly<Record<string, AdminPage>>
  log: Log
}): Server {
  const { readiness, registry, isStopping, pages = {}, log } = options
  const furtherPages = Object.entries(pages).map(([path, page]) => [
    path,
    async (query: URLSearchParams) => json(200, await page(query)),
  ])
  const routes: Record<string, (query: URLSearchParams) => Promise<Answer>> = {
    ...Object.fromEntries(furtherPages),
    '/health/live': async () => json(200, { status: 'live' }),
    '/health/ready': async () => {
      if (isStopping()) return json(503, { status: 'stopping', failing: [] })
      const failing = await failingOf(readiness, log)
      return failing.length > 0 ? json(503, { status: 'not ready', failing }) : json(200, { status: 'ready' })
    },
    '/metrics': async () => ({ status: 200, type: registry.contentType, body: await registry.metrics() }),
  }
  return createServer(async (request, response) => {
    const [path = '', query] = request.url?.split('?') ?? []
    const route = request.method === 'GET' ? routes[path] : undefined
    const answer = await (route?.(new URLSearchParams(query)) ?? json(404, { status: 'not found' })).catch(
      (error: unknown) => {
        if (error instanceof Problem) return problemAnswer(error)
        log.error({ error }, 'The admin port failed')
        return json(500, { status: 'error' })
      },
    )
    response
      .writeHead(answer.status, { 'content-type': answer.type, 'cache-control': 'no-store' })
      .end(answer.body)
  })
}

type Answer = { status: number; type: string; body: string }

async function json(status: number, body: object): Promise<Answer> {
  return { status, type: 'application/json', body: JSON.stringify(body) }
}

const problemAnswer = ({ status, code, title, detail }: Problem) =>
  json(status, { type: `${problemTypeBase}${code}`, title, status, detail, code })

/** Names only: the reason may hold an address, so it goes to the log. */
async function failingOf(readiness: Readiness, log: Log): Promise<string[]> {
  const results = await Promise.all(
    Object.entries(readiness).map(async ([component, check]) => {
      try {
        await withinTime(check())
        return []
      } catch (error) {
        log.warn({ component, error }, 'Not ready')
        return [component]
      }
    }),
  )
  return results.flat()
}

async function withinTime(work: Promise<unknown>): Promise<void> {
  const { promise, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(
    () => reject(new Error(`No answer within ${checkMilliseconds} ms`)),
    checkMilliseconds,
  )
  await Promise.race([work, promise]).finally(() => clearTimeout(timer))
}
