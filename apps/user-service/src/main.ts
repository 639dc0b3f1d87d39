import { createBackplane, createLog, runApp } from '@alicerce/service-kit'
import { createUserService } from './app.ts'
import { readUserServiceConfig } from './config.ts'

await runApp('user-service', async () => {
  const config = readUserServiceConfig(process.env)
  const log = createLog({ name: 'user-service', level: config.LOG_LEVEL })
  const { REDIS_URL: redisUrl, CACHE_CLUSTER_URLS: cacheClusterUrls } = config
  const backplane = await createBackplane({ redisUrl, cacheClusterUrls, log })
  const app = await createUserService({ config, log, backplane })
  return {
    async close() {
      await app.close()
      await backplane.close()
    },
  }
})
