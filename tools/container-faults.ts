import { spawnSync } from 'node:child_process'
import { setTimeout } from 'node:timers/promises'

/** What `docker inspect` tells of a container, as far as it is judged here. */
type Container = {
  Name: string
  Config: { Env: string[]; Labels: Record<string, string> }
  State: { Status: string; Health?: { Status: string } }
  HostConfig: {
    ReadonlyRootfs: boolean
    CapDrop: string[] | null
    SecurityOpt: string[] | null
    PortBindings: Record<string, unknown> | null
  }
}

const apps = ['auth-server', 'api-gateway', 'user-service', 'order-service']
const reachedFromOutside = ['auth-server', 'api-gateway']
const databases = { 'auth-server': 'auth', 'user-service': 'users', 'order-service': 'orders' }

/**
 * Holds the running containers of a compose project against what compose.yaml promises: unprivileged, nothing to write on, healthy, no
 * secret in the environment, no port that nobody needs, and no way into another service's database.
 * @returns a sentence for each promise that is not kept
 */
export async function containerFaults(project: string): Promise<string[]> {
  const containers = await startedContainers(project)
  const missing = apps.filter((app) => !containers.some((container) => serviceOf(container) === app))
  return [
    ...missing.map((app) => `${app}: no container runs`),
    ...containers
      .filter((container) => apps.includes(serviceOf(container)))
      .flatMap((container) => [...privilegeFaults(container), ...databaseFaults(container)]),
    ...containers.flatMap((container) => [...secretFaults(container), ...portFaults(container)]),
  ]
}

/** Compose comes back before the last containers have answered their health check for the first time. */
async function startedContainers(project: string): Promise<Container[]> {
  const ids = docker('ps', '--quiet', '--filter', `label=com.docker.compose.project=${project}`).split('\n')
  for (;;) {
    const containers: Container[] = JSON.parse(docker('inspect', ...ids))
    if (!containers.some(({ State }) => State.Health?.Status === 'starting')) return containers
    await setTimeout(500)
  }
}

function privilegeFaults({ Name, State, HostConfig, ...container }: Container): string[] {
  const faults: string[] = []
  if (State.Health?.Status !== 'healthy')
    faults.push(`is ${State.Health?.Status ?? State.Status}, not healthy`)
  if (!HostConfig.ReadonlyRootfs) faults.push('has a root filesystem that can be written')
  if (!HostConfig.CapDrop?.includes('ALL')) faults.push('keeps capabilities')
  if (!HostConfig.SecurityOpt?.some((option) => option.startsWith('no-new-privileges')))
    faults.push('may gain privileges')
  // Asked inside, since a flag says only what was ordered.
  if (docker('exec', Name, 'id', '-u') === '0') faults.push('runs as root')
  if (run('exec', Name, 'touch', '/app/written').status === 0) faults.push('could write into /app')
  return faults.map((fault) => `${serviceOf(container)}: ${Name} ${fault}`)
}

/** Tries to enter the databases of the others with the service's own role. */
function databaseFaults(container: Container): string[] {
  const own = databases[serviceOf(container) as keyof typeof databases]
  if (!own) return []
  return Object.values(databases)
    .filter((database) => database !== own)
    .filter((database) => !isRefused(container, database))
    .map((database) => `${serviceOf(container)}: its role was not refused by the database ${database}`)
}

/** 42501: insufficient_privilege. Any other failure would prove nothing. */
function isRefused(container: Container, database: string): boolean {
  const script = `
    import { readFileSync } from 'node:fs'
    import pg from 'pg'
    const url = new URL(readFileSync('/run/alicerce/database-url', 'utf8').trim())
    url.pathname = '${database}'
    const client = new pg.Client({ connectionString: url.href })
    await client.connect().then(() => client.end(), (error) => console.log(error.code))`
  return docker('exec', container.Name, 'node', '--input-type=module', '--eval', script) === '42501'
}

function secretFaults(container: Container): string[] {
  return container.Config.Env.map((variable) => variable.split('=') as [string, string])
    .filter(([name, value]) => /(PASSWORD|SECRET|KEY|KEYS|URL)$/.test(name) && isSecret(value))
    .map(([name]) => `${serviceOf(container)}: the secret ${name} is in its environment`)
}

/** URLs without a password are no secrets. */
const isSecret = (value: string) => !URL.canParse(value) || new URL(value).password !== ''

function portFaults(container: Container): string[] {
  const open = Object.keys(container.HostConfig.PortBindings ?? {})
  if (open.length === 0 || reachedFromOutside.includes(serviceOf(container))) return []
  return [`${serviceOf(container)}: ${open.join(', ')} can be reached from outside`]
}

const serviceOf = ({ Config }: Pick<Container, 'Config'>) =>
  Config.Labels['com.docker.compose.service'] as string

function docker(...args: string[]): string {
  const { status, stdout, stderr } = run(...args)
  if (status !== 0) throw new Error(`docker ${args[0]}: ${stderr}`)
  return stdout.trim()
}

const run = (...args: string[]) => spawnSync('docker', args, { encoding: 'utf8' })
