import { type Dispatcher, Pool } from 'undici'
import type { Flow, Forwarder, UpstreamListener, UpstreamRequest } from '#src/forwarding/forwarder.ts'

const connectMilliseconds = 15_000
/** Below the 5 s after which a Node server closes an idle connection: a request sent into a closing one would be lost. */
const idleMilliseconds = 4000

/** Makes a forwarder on undici. One request at a time on a connection: a slow answer blocks no other. */
export function createUndiciForwarder(origin: string, connections: number | undefined): Forwarder {
  const pool = new Pool(origin, {
    ...{
      pipelining: 1,
      allowH2: false,
      keepAliveTimeout: idleMilliseconds,
      keepAliveMaxTimeout: idleMilliseconds,
    },
    connect: { timeout: connectMilliseconds },
    connections: connections ?? null,
  })
  return {
    send(request, listener) {
      const answer = new Answer(listener)
      try {
        pool.dispatch(toDispatch(request), answer)
      } catch (error) {
        listener.onError(error as Error)
      }
      return answer
    },
    close: () => pool.close(),
  }
}

function toDispatch({ method, path, headers, body, activityTimeoutMilliseconds }: UpstreamRequest) {
  return {
    ...{ method: method as Dispatcher.HttpMethod, path, headers, body: body ?? null },
    ...{ headersTimeout: activityTimeoutMilliseconds, bodyTimeout: activityTimeoutMilliseconds },
  }
}

/** Turns undici's calls into ours. An abort that comes before undici has begun is kept until then. */
class Answer implements Dispatcher.DispatchHandler, Flow {
  readonly #listener: UpstreamListener
  #controller: Dispatcher.DispatchController | undefined
  #aborted: Error | undefined

  constructor(listener: UpstreamListener) {
    this.#listener = listener
  }

  abort(reason: Error): void {
    this.#aborted = reason
    this.#controller?.abort(reason)
  }

  resume(): void {
    this.#controller?.resume()
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller
    if (this.#aborted) controller.abort(this.#aborted)
  }

  onResponseStart(
    controller: Dispatcher.DispatchController,
    status: number,
    _headers: object,
    message?: string,
  ): void {
    if (status < 200) return
    const raw = (controller.rawHeaders ?? []) as (Buffer | string)[]
    const rawHeaders = raw.map((part) => (typeof part === 'string' ? part : part.toString('latin1')))
    this.#listener.onHeaders(status, rawHeaders, message ?? '')
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (!this.#listener.onData(chunk)) controller.pause()
  }

  onResponseEnd(): void {
    this.#listener.onEnd()
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.#listener.onError(error)
  }
}
