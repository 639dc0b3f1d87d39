import { createBackplane, createLog, runApp } from '@alicerce/service-kit'
import { createApiGateway } from './app.ts'
import { readApiGatewayConfig } from './config.ts'

await runApp('api-gateway', async () => {
  const config = readApiGatewayConfig(process.env)
  const log = createLog({ name: 'api-gateway', level: config.LOG_LEVEL })
  const backplane = await createBackplane({ redisUrl: config.REDIS_URL, log })
  const app = await createApiGateway({ config, log, backplane })
  return {
    async close() {
      await app.close()
      await backplane.close()
    },
  }
})
