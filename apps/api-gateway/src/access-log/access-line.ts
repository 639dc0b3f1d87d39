import type { Exchange, Timings } from '@alicerce/reverse-proxy'
import { durationText } from '#src/duration-text.ts'
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
    ? `,"route":${nameText(route.id)},"cluster":${nameText(route.clusterId)},"attempts":${exchange.attempts}`
    : ''
  const reached = destination ? `,"destination":${nameText(destination)}` : ''
  const cache = exchange.outputCache ? `,"cache":"${exchange.outputCache}"` : ''
  const error = exchange.error === 'None' ? '' : `,"error":"${exchange.error}"`
  return (
    `${beginning()}${notes.trace.traceId}"` +
    `,"client":"${client?.address ?? ''}","method":${text(request.method ?? '')},"host":${text(inspected?.host ?? '')}` +
    `,"path":${text(inspected?.target.rawPath ?? '')},"status":${exchange.status}${way}${reached}${cache}` +
    `,"received":${exchange.receivedBytes},"sent":${exchange.sentBytes},"token":"${notes.token}"${subject}` +
    `,"milliseconds":{"token":${durationText(notes.tokenMilliseconds)},"policy":${durationText(notes.policyMilliseconds)}` +
    `${stagesOf(timings)},"total":${durationText(timings.total ?? 0)}}${error}}\n`
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
  duration === undefined ? '' : `,"${name}":${durationText(duration)}`

const plain = /^[\x20\x21\x23-\x5b\x5d-\x7e]*$/

/** A text in JSON; most need no escapes. */
const text = (value: string) => (plain.test(value) ? `"${value}"` : JSON.stringify(value))

/** Names of the configuration, which come again with each request. */
const named = new Map<string, string>()
/** Reloads bring others. */
const mostNamed = 5000

function nameText(value: string): string {
  const known = named.get(value)
  if (known !== undefined) return known
  const made = text(value)
  if (named.size < mostNamed) named.set(value, made)
  return made
}

let lastMoment = 0
let lastBeginning = ''

/** Up to the time, which many lines share. */
function beginning(): string {
  const moment = Date.now()
  if (moment === lastMoment) return lastBeginning
  lastMoment = moment
  lastBeginning = `{"level":30,"time":${moment},"name":"access","trace":"`
  return lastBeginning
}
