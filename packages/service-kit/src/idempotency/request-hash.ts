import { createHash } from 'node:crypto'

/** SHA-256 of what a request asks for: method, URL and body. The order of the body's members does not count. */
export function requestHash(request: { method: string; url: string; body: unknown }): Buffer {
  const parts = [request.method, request.url, canonical(request.body ?? null)]
  return createHash('sha256').update(JSON.stringify(parts)).digest()
}

function canonical(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(canonical)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
  return entries.map(([name, inner]) => [name, canonical(inner)])
}
