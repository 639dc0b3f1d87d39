import { createBackplane, createLog, runApp } from '@alicerce/service-kit'
import { createOrderService } from './app.ts'
import { readOrderServiceConfig } from './config.ts'
import { seedOrderService } from './seed.ts'

await runApp('order-service', async () => {
  const config = readOrderServiceConfig(process.env)
  const log = createLog({ name: 'order-service', level: config.LOG_LEVEL })
  await seedOrderService({ databaseUrl: config.DATABASE_URL, log, demo: config.DEMO_ORDERS })
  const { REDIS_URL: redisUrl, CACHE_CLUSTER_URLS: cacheClusterUrls } = config
  const backplane = await createBackplane({ redisUrl, cacheClusterUrls, log })
  const app = await createOrderService({ config, log, backplane })
  return {
    async close() {
      await app.close()
      await backplane.close()
    },
  }
})
