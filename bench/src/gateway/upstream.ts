import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { freePort } from '@alicerce/testing'
import { startPeer } from '#src/measure/peer.ts'
import { cores, pin } from '#src/measure/pinned.ts'
import { startNginx } from './servers.ts'

/** Fixed bodies that the upstream gives: path and bytes. */
export const bodies = { '200 B': 200, '1 KB': 1024, '10 KB': 10_240, '100 KB': 102_400 }

/** A size of body. */
export type Size = keyof typeof bodies

export const pathOf = (size: Size) => `/${bodies[size]}.json`

/** Takes any body, and answers with 200 bytes. */
export const postPath = '/post'

/** Where WebSockets are answered: every message comes back. */
export const webSocketPath = '/web-socket'

/** What stands behind every subject. */
export type Upstream = { pid: number; port: number; origin: string; stop(): Promise<void> }

/** JSON of exactly so many bytes. */
export function bodyOf(bytes: number): string {
  const [start, end] = ['{"items":"', '"}']
  return start + 'x'.repeat(bytes - start.length - end.length) + end
}

/** Starts nginx with one worker on the core of the load, and an echo for WebSockets behind it. */
export async function startUpstream(folder: string): Promise<Upstream> {
  const files = join(folder, 'files')
  await mkdir(files, { recursive: true })
  for (const bytes of Object.values(bodies)) await writeFile(join(files, `${bytes}.json`), bodyOf(bytes))
  const [port, echoPort] = [await freePort(), await freePort()]
  const echo = await startPeer(join(import.meta.dirname, 'processes/web-socket-echo.ts'), String(echoPort))
  pin(echo.pid, cores.others)
  const server = await startNginx(
    folder,
    `  open_file_cache max=100;
  open_file_cache_valid 1h;
  sendfile on;
  tcp_nopush on;
  server {
    listen 127.0.0.1:${port} backlog=4096;
    root ${files};
    location = ${postPath} { return 200 '${bodyOf(bodies['200 B'])}'; }
    location = ${webSocketPath} {
      proxy_pass http://127.0.0.1:${echoPort};
      proxy_http_version 1.1;
      proxy_set_header Upgrade $http_upgrade;
      proxy_set_header Connection upgrade;
    }
  }`,
    port,
  )
  pin(server.pid, cores.others)
  return {
    ...{ pid: server.pid, port, origin: `http://127.0.0.1:${port}` },
    async stop() {
      await server.stop()
      await echo.stop()
    },
  }
}
