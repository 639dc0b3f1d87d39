import type { Exchange, ServerTimingEntry } from '@alicerce/api-client'

/** A part of the platform that a request passes, as the picture shows it. */
export type Station = {
  part: 'browser' | 'gateway' | 'token' | 'policy' | 'upstream' | 'service' | 'cache' | 'database'
  /** How deep inside of others it is: 0 is the browser. */
  depth: number
  /** From the moment the request left the browser. Milliseconds. */
  start: number
  duration: number
  description: string | undefined
}

/**
 * The way of a request through the platform, outermost part first. Durations are measured by the parts; the headers do not say when a
 * part began, so inner parts are drawn in the order in which they happen, within the part that holds them.
 */
export function wayOf({ timings, duration }: Exchange): Station[] {
  const first = (name: string) => timings.find((entry) => entry.name === name)
  const browser: Station = { part: 'browser', depth: 0, start: 0, duration, description: undefined }
  const gateway = first('gateway')
  const service = first('service')
  if (!gateway && !service) return [browser]
  const total = gateway?.duration ?? service?.duration ?? 0
  // What neither measured is the network, half of it on the way there.
  const arrival = Math.max(0, (duration - total) / 2)
  const stations = [browser]
  const add = (part: Station['part'], depth: number, start: number, entry: ServerTimingEntry | undefined) => {
    if (!entry) return start
    const length = entry.duration ?? 0
    stations.push({ part, depth, start, duration: length, description: entry.description })
    return start + length
  }
  add('gateway', 1, arrival, gateway)
  const checked = add('policy', 2, add('token', 2, arrival, first('token')), first('policy'))
  const upstream = first('upstream')
  add('upstream', 2, checked, upstream)
  // The service stands in the middle of the gateway's wait for it.
  const wait = upstream?.duration ?? Math.max(0, arrival + total - checked)
  const begin = checked + Math.max(0, wait - (service?.duration ?? 0)) / 2
  add('service', 3, begin, service)
  let inside = begin
  for (const read of timings.filter(({ name }) => name === 'cache')) {
    add('cache', 4, inside, read)
    // A read that went to the database contains its query: it does not stand after it.
    if (!read.description?.endsWith('database')) inside += read.duration ?? 0
  }
  add('database', 4, inside, first('database'))
  return stations
}
