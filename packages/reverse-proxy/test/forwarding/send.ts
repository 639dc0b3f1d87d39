import { expect, onTestFinished } from 'vitest'
import type { Flow, Forwarder, UpstreamListener, UpstreamRequest } from '#src/forwarding/forwarder.ts'
import { createHttp1Forwarder, type Http1ForwarderOptions } from '#src/forwarding/http1/http1-forwarder.ts'

/** All that a listener heard. */
export type Heard = {
  /** In order: `information`, `headers`, `data`, `trailers`, `end`, `error`. Data that follow data are one. */
  events: string[]
  status: number
  message: string
  rawHeaders: string[]
  information: number[]
  body: string
  trailers: string[]
  error: (Error & { code?: string }) | undefined
}

/** A request at work, and what comes of it. */
export type Sent = { flow: Flow; heard: Heard; done: Promise<Heard> }

/** A forwarder that lasts as long as the test. */
export function forwarderTo({ origin }: { origin: string }, options: Http1ForwarderOptions = {}): Forwarder {
  const forwarder = createHttp1Forwarder(origin, options)
  onTestFinished(() => void forwarder.close())
  return forwarder
}

/** Sends a GET, or what `request` makes of it. The test fails where a listener hears anything after an end. */
export function send(
  forwarder: Forwarder,
  request: Partial<UpstreamRequest> = {},
  listener: Partial<UpstreamListener> = {},
): Sent {
  const heard: Heard = {
    ...{ events: [], status: 0, message: '', rawHeaders: [], information: [], body: '', trailers: [] },
    error: undefined,
  }
  const { promise, resolve } = Promise.withResolvers<Heard>()
  const note = (event: string) => {
    if (event !== 'data' || heard.events.at(-1) !== 'data') heard.events.push(event)
  }
  onTestFinished(() => {
    const end = heard.events.findIndex((event) => event === 'end' || event === 'error')
    if (end !== -1) expect(heard.events.slice(end + 1)).toEqual([])
  })
  const flow = forwarder.send(
    {
      ...{ method: 'GET', path: '/', headers: ['host', 'h.test'], body: undefined },
      ...{ activityTimeoutMilliseconds: 20_000, ...request },
    },
    {
      onInformation(status) {
        note('information')
        heard.information.push(status)
      },
      onHeaders(status, rawHeaders, message) {
        note('headers')
        Object.assign(heard, { status, rawHeaders, message })
        listener.onHeaders?.(status, rawHeaders, message)
      },
      onData(chunk) {
        note('data')
        heard.body += chunk.toString('latin1')
        return listener.onData?.(chunk) ?? true
      },
      onTrailers(trailers) {
        note('trailers')
        heard.trailers = trailers
      },
      onEnd() {
        note('end')
        listener.onEnd?.()
        resolve(heard)
      },
      onError(error) {
        note('error')
        heard.error = error
        listener.onError?.(error)
        resolve(heard)
      },
    },
  )
  return { flow, heard, done: promise }
}
