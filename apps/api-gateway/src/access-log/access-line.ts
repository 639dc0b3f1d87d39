import type { Exchange, Timings } from '@alicerce/reverse-proxy'
import { notesOf } from '#src/exchange-notes.ts'

/**
 * One exchange as a line of JSON (GW-70). Written by hand: it is made for each request. Never in it: tokens, cookies, headers, and the query,
 * which may hold secrets.
 */
export function accessLine(exchange: Exchange, withSubject: boolean): string {
  const { request, inspected, client, route, destination, timings } = exchange
  const notes = notesOf(exchange)
  const subject = withSubject && notes.subject ? `,"subject":${text(notes.subject)}` : ''
  const way = route
    ? `,"route":${text(route.id)},"cluster":${text(route.clusterId)},"attempts":${exchange.attempts}`
    : ''
  const reached = destination ? `,"destination":${text(destination)}` : ''
  const cache = exchange.outputCache ? `,"cache":"${exchange.outputCache}"` : ''
  const error = exchange.error === 'None' ? '' : `,"error":"${exchange.error}"`
  return (
    `{"level":30,"time":${Date.now()},"name":"access","trace":"${notes.trace.traceId}"` +
    `,"client":"${client?.address ?? ''}","method":${text(request.method ?? '')},"host":${text(inspected?.host ?? '')}` +
    `,"path":${text(inspected?.target.rawPath ?? '')},"status":${exchange.status}${way}${reached}${cache}` +
    `,"received":${exchange.receivedBytes},"sent":${exchange.sentBytes},"token":"${notes.token}"${subject}` +
    `,"milliseconds":{"token":${milliseconds(notes.tokenMilliseconds)},"policy":${milliseconds(notes.policyMilliseconds)}` +
    `${stagesOf(timings)},"total":${milliseconds(timings.total ?? 0)}}${error}}\n`
  )
}

/** How long each stage took, those that it came to. */
const stagesOf = ({ queue, connect, firstByte, upstream, body }: Timings): string =>
  stage('queue', queue) +
  stage('connect', connect) +
  stage('firstByte', firstByte) +
  stage('upstream', upstream) +
  stage('body', body)

const stage = (name: string, duration: number | undefined): string =>
  duration === undefined ? '' : `,"${name}":${milliseconds(duration)}`

const plain = /^[\x20\x21\x23-\x5b\x5d-\x7e]*$/

/** A text in JSON; most need no escapes. */
const text = (value: string) => (plain.test(value) ? `"${value}"` : JSON.stringify(value))

/** To the microsecond. */
const milliseconds = (value: number) => Math.round(value * 1000) / 1000
