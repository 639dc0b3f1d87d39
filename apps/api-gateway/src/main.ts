import { runApp } from '@alicerce/service-kit'
import { answerCommandLine } from './command-line.ts'
import { readApiGatewayConfig } from './config.ts'
import { serveGateway } from './serve-gateway.ts'
import { runWorkers } from './workers/run-workers.ts'

const answer = answerCommandLine(process.argv.slice(2), process.env)
if (answer) {
  const stream = answer.exitCode === 0 ? process.stdout : process.stderr
  stream.write(`${answer.lines.join('\n')}\n`)
  process.exitCode = answer.exitCode
} else {
  await runApp('api-gateway', async () => {
    const config = readApiGatewayConfig(process.env)
    if (config.GATEWAY_WORKERS === 1) return serveGateway(process.env)
    const workers = await runWorkers(config, process.env)
    process.on('SIGUSR2', () => void workers.restart())
    return workers
  })
}
