import { createBackplane, createLog, runApp } from '@alicerce/service-kit'
import { createAuthServer } from './app.ts'
import { readAuthServerConfig } from './config.ts'
import { seedAuthServer } from './seed.ts'

await runApp('auth-server', async () => {
  const config = readAuthServerConfig(process.env)
  const log = createLog({ name: 'auth-server', level: config.LOG_LEVEL })
  await seedAuthServer({ config, log })
  const backplane = await createBackplane({ redisUrl: config.REDIS_URL, log })
  const app = await createAuthServer({ config, log, backplane })
  return {
    async close() {
      await app.close()
      await backplane.close()
    },
  }
})
