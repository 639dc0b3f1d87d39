import type { ServerResponse } from 'node:http'
import { applyCors } from './cors/cors.ts'
import type { Exchange, OwnAnswer, Refusal } from './exchange.ts'
import { leaveBody } from './forwarding/body-watch.ts'
import { grpcRefusal, isGrpc } from './grpc-refusal.ts'
import type { OutputCache } from './output-cache/output-cache.ts'
import type { ProxyHooks } from './proxy-types.ts'
import { plainRefusal } from './refusals.ts'
import { closeAfter, isGone, writeHead } from './servers/client-response.ts'

/** Makes the headers of every answer, and the answers of the gateway's own. */
export type OwnAnswers = {
  /** Adds to headers, names in lower case and values in turn, what the gateway adds to every answer. */
  finishHeaders(exchange: Exchange, headers: string[], status: number): string[]
  /** Sends an answer of our own: mostly, but not always, a refusal. */
  send(exchange: Exchange, response: ServerResponse, answer: OwnAnswer | Refusal): void
}

export function createOwnAnswers(parts: {
  hooks: ProxyHooks
  outputCache: Pick<OutputCache, 'note'>
  /** Whether connections close behind their answers. */
  isClosing(): boolean
}): OwnAnswers {
  const { hooks, outputCache, isClosing } = parts

  function finishHeaders(exchange: Exchange, headers: string[], status: number): string[] {
    outputCache.note(exchange, status)
    const cors = exchange.route?.cors
    const own =
      cors && !exchange.isPreflight ? applyCors(headers, cors, exchange.request.rawHeaders) : headers
    if (isClosing()) own.push('connection', 'close')
    return hooks.finishHeaders?.(exchange, own, status) ?? own
  }

  function answerOf(exchange: Exchange, answer: OwnAnswer | Refusal): { headers: string[]; body: Buffer } {
    if ('body' in answer) return describe(exchange, answer.status, answer, [])
    const further = Object.entries(answer.headers ?? {}).flat()
    if (answer.status === 204)
      return { headers: finishHeaders(exchange, further, 204), body: Buffer.alloc(0) }
    const rendered = hooks.renderRefusal?.(exchange, answer) ?? plainRefusal(answer)
    return describe(exchange, answer.status, rendered, further)
  }

  function describe(
    exchange: Exchange,
    status: number,
    { type, body }: { type: string; body: string },
    further: string[],
  ): { headers: string[]; body: Buffer } {
    const bytes = Buffer.from(body)
    const fixed = ['content-type', type, 'content-length', String(bytes.length), 'cache-control', 'no-store']
    return { headers: finishHeaders(exchange, [...fixed, ...further], status), body: bytes }
  }

  return {
    finishHeaders,
    send(exchange, response, answer) {
      if (response.headersSent || isGone(response)) return
      exchange.status = answer.status
      const isRefusal = !('body' in answer)
      if (isRefusal && answer.headers?.connection) closeAfter(response)
      else if (exchange.inspected && exchange.inspected.body !== 'none')
        leaveBody(exchange.request, response, exchange.inspected)
      if (isRefusal && isGrpc(exchange.request)) {
        writeHead(response, 200, '', finishHeaders(exchange, grpcRefusal(answer), answer.status))
        response.end()
        return
      }
      const { headers, body } = answerOf(exchange, answer)
      const sent = exchange.request.method === 'HEAD' ? undefined : body
      exchange.sentBytes = sent?.length ?? 0
      writeHead(response, answer.status, '', headers)
      response.end(sent)
    },
  }
}
