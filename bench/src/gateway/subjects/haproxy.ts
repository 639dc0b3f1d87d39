import { createPublicKey, type JsonWebKey } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { freePort, type TestIssuer } from '@alicerce/testing'
import { startHaproxy } from '../servers.ts'
import type { Subject, Surroundings } from '../subject.ts'

/** HAProxy as a plain proxy. */
export const haproxy = (surroundings: Surroundings) => start('HAProxy', surroundings, '')

/** HAProxy that checks algorithm and signature of the token: the least that protects anything, neither expiry nor issuer nor role. */
export async function haproxyWithTokens(surroundings: Surroundings, issuer: TestIssuer): Promise<Subject> {
  const file = join(surroundings.folder, 'issuer.pem')
  const [key] = issuer.keySet().keys
  const pem = createPublicKey({ key: key as JsonWebKey, format: 'jwk' }).export({
    type: 'spki',
    format: 'pem',
  })
  await writeFile(file, pem)
  return start(
    'HAProxy jwt_verify',
    surroundings,
    `  http-request set-var(txn.bearer) http_auth_bearer
  http-request set-var(txn.alg) var(txn.bearer),jwt_header_query('$.alg')
  http-request deny deny_status 401 unless { var(txn.alg) -m str RS256 }
  http-request deny deny_status 401 unless { var(txn.bearer),jwt_verify(txn.alg,"${file}") 1 }`,
  )
}

async function start(name: string, surroundings: Surroundings, rules: string): Promise<Subject> {
  const { folder, upstream, certificate } = surroundings
  const [port, tlsPort] = [await freePort(), await freePort()]
  const { pid, stop } = await startHaproxy(
    folder,
    `frontend clients
  bind 127.0.0.1:${port} backlog 4096
  bind 127.0.0.1:${tlsPort} backlog 4096 ssl crt ${certificate.both} alpn h2,http/1.1
${rules}
  default_backend service
backend service
  server one 127.0.0.1:${upstream.port}`,
    port,
  )
  const tlsUrl = `https://127.0.0.1:${tlsPort}`
  return { name, pid, stop, url: `http://127.0.0.1:${port}`, tlsUrl, http2Url: tlsUrl }
}
