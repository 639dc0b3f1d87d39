import type { Duplex } from 'node:stream'
import type { WatchAttempt } from './attempt-watch.ts'
import type { Refusal } from './exchange.ts'
import { tunnel } from './forwarding/upgrade.ts'
import { tlsOptionsOf } from './forwarding/upstream-connection.ts'
import type { OwnAnswers } from './own-answers.ts'
import { noRoute, upstreamRefusal } from './refusals.ts'
import type { Snapshot } from './snapshot.ts'
import { responseHeaders } from './transforms/transform-headers.ts'
import { type RoutedExchange, upstreamHeaders, upstreamPath } from './upstream-request.ts'

/** What an upgrade needs besides the exchange. */
export type UpgradeParts = {
  socket: Duplex
  /** What the client sent right behind its request. */
  head: Buffer
  snapshot: Snapshot
  finishHeaders: OwnAnswers['finishHeaders']
  /** Ends the exchange with an answer instead of an upgrade. */
  refuse(refusal: Refusal): void
  /** The exchange is over. */
  done(): void
  watchAttempt: WatchAttempt | undefined
}

/** Takes a WebSocket to a destination, and both sides' bytes to each other until one of them closes. */
export async function upgradeExchange(exchange: RoutedExchange, parts: UpgradeParts): Promise<void> {
  const { socket, head, snapshot, finishHeaders, refuse, done } = parts
  const { request, client, route, values } = exchange
  const cluster = snapshot.clusters.get(route.clusterId)
  // What the app answers itself, it does not answer on an upgraded connection.
  if (!cluster) return refuse(noRoute)
  const choice = cluster.choose(request.rawHeaders, client.proto === 'https', [])
  if (typeof choice === 'string') {
    exchange.error = choice
    return refuse(upstreamRefusal(choice, cluster.retryAfterMilliseconds()))
  }
  const { destination, tie } = choice
  exchange.destination = `${cluster.configuration.id}/${destination.configuration.id}`
  exchange.attempts = 1
  const watch = parts.watchAttempt?.(exchange, cluster.configuration.id, destination.configuration)
  const isProbe = cluster.begin(destination)
  try {
    await tunnel({
      ...{ url: destination.configuration.origin + upstreamPath(exchange, destination), socket, head },
      tls: tlsOptionsOf(cluster.configuration.connection, destination.configuration.serverName),
      headers: upstreamHeaders(exchange, destination, watch?.headers),
      toClient(rawHeaders, status) {
        exchange.status = status
        const answer = responseHeaders(rawHeaders, status, route.transforms, values)
        return finishHeaders(exchange, [...answer, ...(tie ?? [])], status)
      },
    })
    done()
  } catch {
    if (!socket.destroyed) exchange.error = 'UpgradeRequestDestination'
    if (socket.destroyed) done()
    else refuse(upstreamRefusal(exchange.error))
  } finally {
    watch?.end(exchange.status, exchange.error)
    const outcome = exchange.error === 'None' ? 'success' : 'failure'
    cluster.end(destination, { outcome, isProbe, name: exchange.error })
  }
}
