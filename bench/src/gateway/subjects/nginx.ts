import { freePort } from '@alicerce/testing'
import { startNginx } from '../servers.ts'
import type { Subject, Surroundings } from '../subject.ts'

/** nginx as a plain proxy. */
export async function nginx({ folder, upstream, certificate }: Surroundings): Promise<Subject> {
  const [port, tlsPort] = [await freePort(), await freePort()]
  const { pid, stop } = await startNginx(
    folder,
    `  upstream service {
    server 127.0.0.1:${upstream.port};
    keepalive 1024;
    keepalive_requests 1000000000;
  }
  map $http_upgrade $connection_upgrade { default upgrade; '' ''; }
  proxy_buffers 16 16k;
  server {
    listen 127.0.0.1:${port} backlog=4096;
    listen 127.0.0.1:${tlsPort} ssl http2 backlog=4096;
    ssl_certificate ${certificate.certificate};
    ssl_certificate_key ${certificate.key};
    location / {
      proxy_pass http://service;
      proxy_http_version 1.1;
      proxy_set_header Upgrade $http_upgrade;
      proxy_set_header Connection $connection_upgrade;
    }
  }`,
    port,
  )
  const tlsUrl = `https://127.0.0.1:${tlsPort}`
  return { name: 'nginx', pid, stop, url: `http://127.0.0.1:${port}`, tlsUrl, http2Url: tlsUrl }
}
