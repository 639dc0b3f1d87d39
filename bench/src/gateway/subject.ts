import type { Upstream } from './upstream.ts'

/** One process that stands between the load and the upstream. */
export type Subject = {
  name: string
  /** The process whose CPU time and memory count. */
  pid: number
  /** Origin and prefix of a plain connection. */
  url: string
  /** The same over TLS, where it has that. */
  tlsUrl?: string
  /** HTTP/2 over TLS, where it has that. */
  http2Url?: string
  stop(): Promise<void>
}

/** What a subject is started with. */
export type Surroundings = {
  /** Of its own, to write into. */
  folder: string
  upstream: Upstream
  certificate: Certificate
}

/** Files in PEM; `both` holds certificate and key, as HAProxy wants them. */
export type Certificate = { certificate: string; key: string; both: string }
