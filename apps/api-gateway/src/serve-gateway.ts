import { createBackplane, createLog, type Environment, type RunningApp } from '@alicerce/service-kit'
import { type ApiGatewayOptions, createApiGateway } from './app.ts'
import { readApiGatewayConfig } from './config.ts'

/** Serves in this process as the environment says, with a backplane of its own. */
export async function serveGateway(
  env: Environment,
  sockets: Pick<ApiGatewayOptions, 'openSocket' | 'idleGraceMilliseconds' | 'gatherFigures'> = {},
): Promise<RunningApp> {
  const config = readApiGatewayConfig(env)
  const log = createLog({ name: 'api-gateway', level: config.LOG_LEVEL })
  const backplane = await createBackplane({ redisUrl: config.REDIS_URL, log })
  const app = await createApiGateway({ config, log, backplane, ...sockets })
  return {
    ...app,
    async close() {
      await app.close()
      await backplane.close()
    },
  }
}
