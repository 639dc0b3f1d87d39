import { createApiGateway, readApiGatewayConfig } from '@alicerce/api-gateway'
import { createAuthServer, readAuthServerConfig } from '@alicerce/auth-server'
import { createOrderService, readOrderServiceConfig } from '@alicerce/order-service'
import { type Backplane, createBackplane, createLog, type RunningApp } from '@alicerce/service-kit'
import { createUserService, readUserServiceConfig } from '@alicerce/user-service'
import type { Environment, Environments } from './environment.ts'

/**
 * Runs every app in this process, each built as it would be alone. With Redis each has connections of its own; without it they share
 * one backplane in memory, which is why they must then be in one process.
 * @returns stops them all, the gateway first so that no request meets a stopped service
 */
export async function runAppsInProcess(environments: Environments): Promise<() => Promise<void>> {
  const { auth, users, orders, gateway } = environments
  const backplanes = createBackplanes()
  const parts = async (name: string, environment: Environment) => {
    const log = createLog({ name, level: 'warn' })
    return { log, backplane: await backplanes.for(environment, log) }
  }
  // The auth server first: the others fetch its keys when they start.
  const authServer = await createAuthServer({
    config: readAuthServerConfig(auth),
    ...(await parts('auth-server', auth)),
  })
  const others = await startTogether([
    async () =>
      createUserService({ config: readUserServiceConfig(users), ...(await parts('user-service', users)) }),
    async () =>
      createOrderService({
        config: readOrderServiceConfig(orders),
        ...(await parts('order-service', orders)),
      }),
    async () =>
      createApiGateway({ config: readApiGatewayConfig(gateway), ...(await parts('api-gateway', gateway)) }),
  ]).catch(async (error) => {
    await authServer.close()
    throw error
  })
  const apps = [authServer, ...others]
  return async () => {
    for (const app of apps.toReversed()) await app.close()
    await backplanes.close()
  }
}

function createBackplanes() {
  const opened: Backplane[] = []
  let shared: Promise<Backplane> | undefined
  const open = async (options: Parameters<typeof createBackplane>[0]) => {
    const backplane = await createBackplane(options)
    opened.push(backplane)
    return backplane
  }
  return {
    for(environment: Environment, log: Parameters<typeof createBackplane>[0]['log']): Promise<Backplane> {
      if (environment.REDIS_URL) return open({ redisUrl: environment.REDIS_URL, log })
      shared ??= open({ log })
      return shared
    },
    async close() {
      await Promise.all(opened.map((backplane) => backplane.close()))
    },
  }
}

/** Starts all at once; where one fails, those that run are stopped before the failure goes on. */
async function startTogether(starts: (() => Promise<RunningApp>)[]): Promise<RunningApp[]> {
  const results = await Promise.allSettled(starts.map((start) => start()))
  const running = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []))
  const failure = results.find((result) => result.status === 'rejected')
  if (!failure) return running
  await Promise.all(running.map((app) => app.close()))
  throw failure.reason
}
