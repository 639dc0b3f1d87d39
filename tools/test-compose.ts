import { containerFaults } from './container-faults.ts'
import { chromium, provideRequirements } from './requirements.ts'
import { answerHelp, findProgram, run } from './run.ts'

answerHelp(`Usage: npm run test:compose

Builds and starts compose.yaml with two replicas of each service, holds its containers against what compose.yaml promises (unprivileged,
read-only, each in its own database), runs the browser journeys against it from outside its network, and removes it again with its
volumes. Needs a running Docker engine with Compose, and ports 28080 and 28081 free.`)

const [browser] = await provideRequirements([chromium])
// A project and ports of its own, so that nobody's running platform or data is touched.
const project = 'alicerce-test'
const compose = [...composeCommand(), '--project-name', project]
const port = 28_080
const environment = {
  ...process.env,
  WEB_PORT: String(port),
  AUTH_PORT: String(port + 1),
  WEB_APP_URL: `http://localhost:${port}`,
  ISSUER_URL: `http://localhost:${port + 1}`,
}

let code = 1
try {
  // A run that was killed leaves its containers, which an engine starts again whenever it starts itself.
  await remove()
  code =
    (await docker('build', '--quiet')) ||
    (await docker('up', '--detach', '--scale', 'user-service=2', '--scale', 'order-service=2')) ||
    (await judgeContainers()) ||
    (await browserTests())
  if (code !== 0) await docker('logs', '--tail', '60')
} finally {
  await remove()
}
process.exit(code)

function docker(...args: string[]): Promise<number> {
  const [command, ...first] = compose
  return run(command as string, [...first, ...args], environment)
}

function remove(): Promise<number> {
  return docker('down', '--volumes', '--remove-orphans', '--timeout', '5')
}

async function judgeContainers(): Promise<number> {
  const faults = await containerFaults(project)
  for (const fault of faults) console.error(`✗ ${fault}`)
  if (faults.length === 0) console.log('✓ every container keeps what compose.yaml promises')
  return faults.length
}

function browserTests(): Promise<number> {
  const env = { ...process.env, CHROMIUM_PATH: browser, E2E_TARGET: 'compose', E2E_PORT: String(port) }
  return run('playwright', ['test', '--config', 'e2e/playwright.config.ts'], env)
}

/** Compose 2 is a plugin of docker, Compose 1 a program of its own. */
function composeCommand(): string[] {
  if (findProgram('docker-compose')) return ['docker-compose']
  if (findProgram('docker')) return ['docker', 'compose']
  console.error('npm run test:compose needs Docker with Compose. https://docs.docker.com/compose/install/')
  process.exit(1)
}
