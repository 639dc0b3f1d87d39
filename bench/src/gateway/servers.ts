import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { programPath } from './tools.ts'

/** A server that is no program of ours. */
export type Server = { pid: number; stop(): Promise<void> }

/** What nginx needs in both of its roles: one worker, no log, connections that last, bodies in memory. */
const nginxCommon = (folder: string) => `
  access_log off;
  default_type application/json;
  keepalive_timeout 75s;
  keepalive_requests 1000000000;
  client_body_buffer_size 128k;
  client_body_temp_path ${folder}/client_body;
  proxy_temp_path ${folder}/proxy;
  fastcgi_temp_path ${folder}/fastcgi;
  uwsgi_temp_path ${folder}/uwsgi;
  scgi_temp_path ${folder}/scgi;`

/** Starts nginx with a `server` and whatever else stands in `http`. The process given is its worker. */
export async function startNginx(folder: string, http: string, port: number): Promise<Server> {
  const user = process.getuid?.() === 0 ? 'user root;' : ''
  const file = join(folder, 'nginx.conf')
  await writeFile(
    file,
    `${user} daemon off; worker_processes 1; worker_rlimit_nofile 16384; pid ${folder}/nginx.pid; error_log stderr crit;
events { worker_connections 8192; }
http {${nginxCommon(folder)}
${http}
}`,
  )
  const child = start(programPath('nginx'), ['-p', folder, '-e', 'stderr', '-c', file])
  await listening(child, port)
  return { pid: await workerOf(child.process.pid as number), stop: child.stop }
}

/** The master listens before it has a worker. */
async function workerOf(master: number): Promise<number> {
  for (;;) {
    const [worker] = readFileSync(`/proc/${master}/task/${master}/children`, 'utf8').split(' ')
    if (worker) return Number(worker)
    await sleep(10)
  }
}

/** Starts HAProxy with one thread. */
export async function startHaproxy(folder: string, sections: string, port: number): Promise<Server> {
  const file = join(folder, 'haproxy.cfg')
  await writeFile(
    file,
    `global
  nbthread 1
  maxconn 8000
defaults
  mode http
  http-reuse always
  timeout connect 5s
  timeout client 75s
  timeout server 75s
  timeout tunnel 1h
${sections}
`,
  )
  const child = start(programPath('haproxy'), ['-db', '-f', file])
  await listening(child, port)
  return { pid: child.process.pid as number, stop: child.stop }
}

type Child = { process: ChildProcess; errors(): string; stop(): Promise<void> }

function start(program: string, words: string[]): Child {
  const child = spawn(program, words, { stdio: ['ignore', 'ignore', 'pipe'] })
  let errors = ''
  child.stderr.on('data', (text) => {
    errors += text
  })
  return {
    process: child,
    errors: () => errors,
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return
      child.kill('SIGTERM')
      await once(child, 'exit')
    },
  }
}

async function listening({ process: child, errors }: Child, port: number): Promise<void> {
  for (let attempt = 0; attempt < 500; attempt++) {
    if (child.exitCode !== null)
      throw new Error(`${child.spawnfile} ended with ${child.exitCode}: ${errors()}`)
    if (await accepts(port)) return
    await sleep(20)
  }
  throw new Error(`${child.spawnfile} does not listen after ten seconds: ${errors()}`)
}

function accepts(port: number): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>()
  const socket = connect({ port, host: '127.0.0.1' })
  socket.once('connect', () => resolve(true))
  socket.once('error', () => resolve(false))
  return promise.finally(() => socket.destroy())
}
