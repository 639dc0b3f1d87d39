import { Counter, type Registry } from 'prom-client'
import type { Log } from '#src/log.ts'
import { exportRequest, type Span } from './otlp.ts'

/** Sends spans to a collector. Nothing that serves a request ever waits for it. */
export type SpanExport = {
  /** Takes a span for later, or drops it where too many wait already. */
  add(span: Span): void
  /** Sends what waits, once, and ends. Two seconds at most. */
  close(): Promise<void>
}

/** Where spans go. */
export type SpanExportOptions = {
  /** Base URL of a collector that takes OTLP over HTTP, such as http://localhost:4318. */
  url: string
  /** `service.name` of all spans. */
  service: string
  registry: Registry
  log: Log
}

const mostWaiting = 8192
const batchSize = 512
const everyMilliseconds = 1000
const answerMilliseconds = 10_000
const lastAnswerMilliseconds = 2000
const longestPauseMilliseconds = 30_000
/** What a collector answers where the same may be taken later (OTLP §OTLP/HTTP, Failures). */
const passing = new Set([429, 502, 503, 504])

/**
 * Sends spans in batches over OTLP/HTTP as JSON. A collector that is away costs a bounded memory: its spans wait, and what finds no room is dropped and
 * counted.
 */
export function createSpanExport({ url, service, registry, log }: SpanExportOptions): SpanExport {
  const registers = [registry]
  const exported = new Counter({
    name: 'trace_spans_exported_total',
    help: 'Spans that the collector has taken',
    registers,
  })
  const dropped = new Counter({
    name: 'trace_spans_dropped_total',
    help: 'Spans that were lost: no room to wait for the collector, or refused by it',
    labelNames: ['reason'],
    registers,
  })
  for (const reason of ['no-room', 'refused']) dropped.inc({ reason }, 0)
  const waiting: Span[] = []
  let sending: Promise<void> | undefined
  let pauseMilliseconds = 0
  let pausedUntil = 0

  /** Rejects where the collector may take the batch later. */
  async function send(batch: readonly Span[], milliseconds: number): Promise<void> {
    const answer = await fetch(`${url}/v1/traces`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: exportRequest(service, batch),
      redirect: 'error',
      signal: AbortSignal.timeout(milliseconds),
    })
    await answer.body?.cancel()
    if (passing.has(answer.status)) throw new Error(`The collector answered ${answer.status}`)
    if (answer.ok) exported.inc(batch.length)
    else {
      dropped.inc({ reason: 'refused' }, batch.length)
      log.warn({ status: answer.status, spans: batch.length }, 'The collector refuses spans')
    }
  }

  async function sendAll(milliseconds: number): Promise<void> {
    while (waiting.length > 0) {
      const batch = waiting.slice(0, batchSize)
      try {
        await send(batch, milliseconds)
      } catch (error) {
        if (pauseMilliseconds === 0) log.warn({ error }, 'The collector takes no spans; they wait for it')
        pauseMilliseconds = Math.min(longestPauseMilliseconds, 2 * pauseMilliseconds || everyMilliseconds)
        pausedUntil = performance.now() + pauseMilliseconds
        return
      }
      pauseMilliseconds = 0
      waiting.splice(0, batch.length)
    }
  }

  function sendInTurn(): void {
    if (sending || performance.now() < pausedUntil) return
    sending = sendAll(answerMilliseconds).finally(() => {
      sending = undefined
    })
  }

  // Not begun by a request: what is sent would count as caused by it.
  const timer = setInterval(sendInTurn, everyMilliseconds).unref()
  return {
    add(span) {
      if (waiting.length < mostWaiting) waiting.push(span)
      else dropped.inc({ reason: 'no-room' })
    },
    async close() {
      clearInterval(timer)
      const deadline = AbortSignal.timeout(lastAnswerMilliseconds)
      const ended = new Promise<void>((resolve) => deadline.addEventListener('abort', () => resolve()))
      await Promise.race([sending, ended])
      if (!sending) await Promise.race([sendAll(lastAnswerMilliseconds), ended])
    },
  }
}
