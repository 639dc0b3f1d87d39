import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { startRedis } from '@alicerce/local-infrastructure'
import { createTestIssuer, type TestIssuer } from '@alicerce/testing'
import { cores, pin } from '#src/measure/pinned.ts'
import type { Table } from '#src/report.ts'
import { makeCertificate } from './certificate.ts'
import { profilePolicies } from './policy-profile.ts'
import { measureScaling } from './scaling.ts'
import type { Subject, Surroundings } from './subject.ts'
import { claims, gateway, onRoute, routes } from './subjects/gateway.ts'
import { haproxy, haproxyWithTokens } from './subjects/haproxy.ts'
import { nginx } from './subjects/nginx.ts'
import { nodePeer } from './subjects/node-peer.ts'
import { startUpstream, type Upstream } from './upstream.ts'

/** All that runs while the suite measures. Only one subject at a time has anything to do. */
export type Platform = {
  folder: string
  upstream: Upstream
  issuer: TestIssuer
  /** `Bearer …`, of a token that every policy lets pass. */
  authorization: string
  subjects: Record<
    | 'nginx'
    | 'haproxy'
    | 'haproxyWithTokens'
    | 'fastify'
    | 'express'
    | 'httpxy'
    | 'engine'
    | 'gateway'
    | 'gatewayUnwatched',
    Subject
  >
  /** The gateway twice more: without access log, and without `Server-Timing` either. */
  startWithoutLog(): Promise<{ withoutLog: Subject; withoutServerTiming: Subject }>
  /** What each policy of one more gateway costs, which is gone afterwards. */
  profilePolicies(): ReturnType<typeof profilePolicies>
  /** The gateway with more and more workers. */
  measureScaling(): Promise<Table>
}

/** Starts upstream and subjects, each on its core; `opened` stops them. */
export async function startPlatform(folder: string, opened: AsyncDisposableStack): Promise<Platform> {
  const ownFolder = async (name: string) => {
    const path = join(folder, name)
    await mkdir(path)
    return path
  }
  const upstream = await startUpstream(await ownFolder('upstream'))
  opened.defer(upstream.stop)
  const redis = await startRedis({ directory: await ownFolder('redis'), persistent: false })
  opened.defer(redis.stop)
  const issuer = await createTestIssuer({ algorithm: 'RS256' })
  opened.defer(issuer.close)
  const certificate = makeCertificate(folder)

  async function start(
    name: string,
    how: (surroundings: Surroundings) => Promise<Subject>,
  ): Promise<Subject> {
    const subject = await how({ folder: await ownFolder(name), upstream, certificate })
    opened.defer(subject.stop)
    pin(subject.pid, cores.subject)
    return subject
  }
  const ours = { issuer, redisUrl: redis.url }
  const authorization = `Bearer ${await issuer.sign(claims)}`
  return {
    ...{ folder, upstream, issuer, authorization },
    subjects: {
      nginx: await start('nginx', nginx),
      haproxy: await start('haproxy', haproxy),
      haproxyWithTokens: await start('haproxy-with-tokens', (own) => haproxyWithTokens(own, issuer)),
      fastify: await start('fastify', (own) => nodePeer('fastify', own)),
      express: await start('express', (own) => nodePeer('express', own)),
      httpxy: await start('httpxy', (own) => nodePeer('httpxy', own)),
      engine: await start('engine', (own) => nodePeer('engine', own)),
      gateway: await start('gateway', (own) => gateway(own, ours)),
      gatewayUnwatched: onRoute(
        await start('gateway-unwatched', (own) => gateway(own, ours)),
        routes.limited,
        'alicerce, all, health unwatched',
      ),
    },
    profilePolicies: async () =>
      profilePolicies(
        { folder: await ownFolder('gateway-profiled'), upstream, certificate },
        ours,
        authorization,
      ),
    measureScaling: async () =>
      measureScaling({ folder: await ownFolder('scaling'), upstream, certificate }, ours, {
        ...{ authorization, opened },
      }),
    startWithoutLog: async () => ({
      withoutLog: await start('gateway-without-log', (own) => gateway(own, { ...ours, accessLog: false })),
      withoutServerTiming: await start('gateway-without-timing', (own) =>
        gateway(own, { ...ours, accessLog: false, serverTiming: false }),
      ),
    }),
  }
}
