import type { Dispatcher } from 'undici'
import { createDispatcher, type Opening } from './create-dispatcher.ts'
import type { Flow, Forwarder, UpstreamListener, UpstreamRequest } from './forwarder.ts'
import { malformed } from './http1/upstream-error.ts'
import { responseFault } from './response-fault.ts'
import type { UpstreamConnection } from './upstream-connection.ts'

/**
 * Makes a forwarder on undici, which cannot ask an upstream whether it wants a body: over HTTP/1.1 it takes a 100 for a fault, and over HTTP/2 it waits for
 * one without end. So a body is read as soon as its request is sent.
 */
export function createUndiciForwarder(
  origin: string,
  connection: UpstreamConnection,
  serverName?: string,
): Forwarder {
  let lastOpening: Opening = { startedAt: 0, endedAt: 0 }
  const dispatcher = createDispatcher(origin, connection, serverName, (opening) => {
    lastOpening = opening
  })
  return {
    send(request, listener) {
      const answer = new Answer(listener, () => lastOpening)
      try {
        dispatcher.dispatch({ ...toDispatch(request), origin }, answer)
      } catch (error) {
        listener.onError(error as Error)
      }
      return answer
    },
    close: () => dispatcher.close(),
  }
}

function toDispatch({ passed, body, activityTimeoutMilliseconds, ...request }: UpstreamRequest) {
  const { method, path } = request
  const headers = passed ? [...passed.list, ...request.headers] : request.headers
  return {
    ...{ method: method as Dispatcher.HttpMethod, path, headers, body: body ?? null },
    ...{ headersTimeout: activityTimeoutMilliseconds, bodyTimeout: activityTimeoutMilliseconds },
  }
}

/** Turns undici's calls into ours. An abort that comes before undici has begun is kept until then. */
class Answer implements Dispatcher.DispatchHandler, Flow {
  readonly #listener: UpstreamListener
  readonly #lastOpening: () => Opening
  readonly #dispatchedAt = performance.now()
  #controller: Dispatcher.DispatchController | undefined
  #aborted: Error | undefined

  constructor(listener: UpstreamListener, lastOpening: () => Opening) {
    this.#listener = listener
    this.#lastOpening = lastOpening
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
    else this.#listener.onBegin?.(this.#connectMilliseconds)
  }

  /** undici does not say which request it has opened a connection for: whatever opened last while this one waited is what it waited for. */
  get #connectMilliseconds(): number {
    const { startedAt, endedAt } = this.#lastOpening()
    return Math.max(0, endedAt - Math.max(startedAt, this.#dispatchedAt))
  }

  onResponseStart(
    controller: Dispatcher.DispatchController,
    status: number,
    _headers: object,
    message?: string,
  ): void {
    const rawHeaders = textsOf(controller.rawHeaders)
    if (status < 200 && status !== 101) {
      if (status > 101) this.#listener.onInformation?.(status, rawHeaders)
      return
    }
    const fault = responseFault(status, rawHeaders)
    if (fault) controller.abort(malformed(`The answer ${fault}`))
    if (fault || status === 101) return
    this.#listener.onHeaders(status, rawHeaders, reasonForm.test(message ?? '') ? (message ?? '') : '')
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (!this.#listener.onData(chunk)) controller.pause()
  }

  onResponseEnd(controller: Dispatcher.DispatchController): void {
    const trailers = textsOf(controller.rawTrailers)
    if (trailers.length > 0) this.#listener.onTrailers?.(trailers)
    this.#listener.onEnd()
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.#listener.onError(isBadResponse(error) ? malformed(error.message) : error)
  }
}

/** What may be written as a reason again (RFC 9112 §4): nobody reads it, so any other is left out. */
const reasonForm = /^[\t\x20-\x7e]*$/

/** undici says so in several ways. */
const isBadResponse = ({ message, code = '' }: Error & { code?: string }): boolean =>
  code === 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH' ||
  code === 'UND_ERR_HEADERS_OVERFLOW' ||
  (code === 'UND_ERR_SOCKET' && /^bad (?:response|upgrade)$/.test(message))

/** undici gives lists for HTTP/1.1 and objects for HTTP/2. */
function textsOf(raw: unknown): string[] {
  if (Array.isArray(raw))
    return raw.map((part: Buffer | string) => (typeof part === 'string' ? part : part.toString('latin1')))
  const entries = Object.entries((raw ?? {}) as Record<string, string | string[]>)
  return entries
    .filter(([name]) => !name.startsWith(':'))
    .flatMap(([name, value]) => [value].flat().flatMap((one) => [name, one]))
}
