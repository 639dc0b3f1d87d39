import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { type AddressInfo, connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { until } from '@alicerce/testing'
import { closing } from '../fixtures.ts'

/** Debian puts servers where only root’s path leads. */
const environment = { ...process.env, PATH: `${process.env.PATH}:/usr/sbin:/usr/local/sbin` }

export type PeerName = 'nginx' | 'haproxy'

/** Whether this machine has it. */
export const hasPeer = (name: PeerName): boolean => spawnSync(name, ['-v'], { env: environment }).status === 0

/** Starts another proxy before a service; gives its port. */
export async function startPeer(name: PeerName, upstreamPort: number): Promise<number> {
  const directory = await mkdtemp(join(tmpdir(), `alicerce-${name}-`))
  const port = await freePort()
  const file = join(directory, 'configuration')
  await writeFile(file, configurations[name](port, upstreamPort, directory))
  const options = name === 'nginx' ? ['-e', 'stderr', '-p', directory, '-c', file] : ['-db', '-q', '-f', file]
  const child = spawn(name, options, { env: environment, stdio: ['ignore', 'ignore', 'pipe'] })
  let said = ''
  child.stderr.on('data', (chunk) => (said += chunk))
  closing.push(async () => {
    if (child.exitCode === null) {
      child.kill('SIGTERM')
      await once(child, 'exit')
    }
    await rm(directory, { recursive: true, force: true })
  })
  await until(async () => {
    if (child.exitCode !== null) throw new Error(`${name} ended: ${said}`)
    const socket = connect({ port, host: '127.0.0.1' })
    const isThere = await Promise.race([
      once(socket, 'connect').then(() => true),
      once(socket, 'error').then(() => false),
    ]).catch(() => false)
    socket.destroy()
    return isThere
  })
  return port
}

const configurations: Record<PeerName, (port: number, upstream: number, directory: string) => string> = {
  nginx: (port, upstream, directory) => `
daemon off; worker_processes 1; pid ${directory}/pid;
events {}
http {
  access_log off;
  client_body_temp_path ${directory}/body; proxy_temp_path ${directory}/proxy; fastcgi_temp_path ${directory}/fastcgi;
  uwsgi_temp_path ${directory}/uwsgi; scgi_temp_path ${directory}/scgi;
  server {
    listen 127.0.0.1:${port};
    location / {
      proxy_pass http://127.0.0.1:${upstream};
      proxy_http_version 1.1; proxy_request_buffering off; proxy_next_upstream off; proxy_set_header Connection "";
    }
  }
}
`,
  haproxy: (port, upstream) => `
defaults
  mode http
  timeout connect 5s
  timeout client 5s
  timeout server 5s
  retries 0
frontend clients
  bind 127.0.0.1:${port}
  default_backend services
backend services
  server one 127.0.0.1:${upstream}
`,
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}
