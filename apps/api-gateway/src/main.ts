import { createBackplane, createLog, runApp } from '@alicerce/service-kit'
import { createApiGateway } from './app.ts'
import { answerCommandLine } from './command-line.ts'
import { readApiGatewayConfig } from './config.ts'

const answer = answerCommandLine(process.argv.slice(2), process.env)
if (answer) {
  const stream = answer.exitCode === 0 ? process.stdout : process.stderr
  stream.write(`${answer.lines.join('\n')}\n`)
  process.exitCode = answer.exitCode
} else {
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
}
