import { readFileSync } from 'node:fs'

/** What a proxy is told: where the upstream is, its own ports, and its certificate. */
export function readPeerSettings() {
  const [upstream = '', json = ''] = process.argv.slice(2)
  const { ports, certificate, key } = JSON.parse(json) as {
    ports: { plain: number; tls: number; http2: number }
    certificate: string
    key: string
  }
  const tls = { cert: readFileSync(certificate), key: readFileSync(key) }
  return { upstream, ports, tls, certificate: { certificate, key }, host: '127.0.0.1' }
}
