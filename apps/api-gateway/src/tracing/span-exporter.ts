import type { Log } from '@alicerce/service-kit'
import { Counter, type Registry } from 'prom-client'
import { otlpOf, type Span } from './span.ts'

/** Spans are sent when there are so many, or after so long. */
const [batchSize, longestWait] = [512, 1000]
/** Where the collector does not keep up, spans are dropped and counted: traces never stop the traffic. */
const mostHeld = 8192
const timeoutMilliseconds = 5000

/** Sends spans to a collector, one batch after the other. */
export class SpanExporter {
  readonly #url: string
  readonly #log: Log
  readonly #counter: Counter
  #held: Span[] = []
  #timer: NodeJS.Timeout | undefined
  #sending: Promise<void> | undefined

  constructor(url: string, { registry, log }: { registry: Registry; log: Log }) {
    this.#url = url
    this.#log = log
    this.#counter = new Counter({
      name: 'gateway_spans_total',
      help: 'Steps of recorded traces, by whether the collector took them',
      labelNames: ['result'],
      registers: [registry],
    })
  }

  add(span: Span): void {
    if (this.#held.length >= mostHeld) {
      this.#counter.inc({ result: 'dropped' })
      return
    }
    this.#held.push(span)
    if (this.#held.length >= batchSize) this.#send()
    else this.#timer ??= setTimeout(() => this.#send(), longestWait).unref()
  }

  /** Sends what is left. */
  async close(): Promise<void> {
    await this.#sending
    this.#send()
    await this.#sending
    clearTimeout(this.#timer)
  }

  #send(): void {
    if (this.#sending || this.#held.length === 0) return
    clearTimeout(this.#timer)
    this.#timer = undefined
    const batch = this.#held
    this.#held = []
    this.#sending = this.#post(batch).finally(() => {
      this.#sending = undefined
      if (this.#held.length > 0) this.#timer ??= setTimeout(() => this.#send(), longestWait).unref()
    })
  }

  async #post(batch: readonly Span[]): Promise<void> {
    try {
      const response = await fetch(this.#url, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(otlpOf(batch, 'api-gateway')),
        signal: AbortSignal.timeout(timeoutMilliseconds),
      })
      await response.body?.cancel()
      if (!response.ok) throw new Error(`The collector of traces answers ${response.status}`)
      this.#counter.inc({ result: 'sent' }, batch.length)
    } catch (error) {
      this.#counter.inc({ result: 'dropped' }, batch.length)
      this.#log.warn({ error, spans: batch.length }, 'Traces were not sent')
    }
  }
}
