import type { IncomingMessage, ServerResponse } from 'node:http'
import type { createHttpApp, Log } from '@alicerce/service-kit'

type Api = Awaited<ReturnType<typeof createHttpApp>>

/** The API before anybody has asked for it. */
export type ApiWhenAsked = {
  handle(request: IncomingMessage, response: ServerResponse): Promise<void>
  close(): Promise<void>
}

/**
 * Makes the API at the first request for it: to compile its schemas takes a quarter of the server's start, and signing people in does not need them.
 * Where that fails the request is answered by 500, and the next one tries again.
 */
export function createApiWhenAsked({ make, log }: { make(): Promise<Api>; log: Log }): ApiWhenAsked {
  let made: Promise<Api> | undefined

  function api(): Promise<Api> {
    made ??= make().catch((error) => {
      made = undefined
      throw error
    })
    return made
  }

  return {
    async handle(request, response) {
      try {
        const { routing } = await api()
        routing(request, response)
      } catch (error) {
        log.error({ error }, 'The API could not be made')
        response.writeHead(500).end()
      }
    },
    async close() {
      await (await made)?.close()
    },
  }
}
