import { expect, test } from 'vitest'
import { expectProblem, readAnswer, type Send } from './client.ts'
import type { MannersOptions } from './samples.ts'

/** Errors, trace, headers, health: SV-01, 33, 34, 37, 38. */
export function generalManners({ service, protectedPath, create }: MannersOptions, send: Send): void {
  test('SV-01 an unknown route is a problem', async () => {
    expectProblem(await send('/no-such-thing'), 404)
  })

  test('SV-01 a wrong method is a problem that names the right ones', async () => {
    const answer = await send(protectedPath, { method: 'PATCH', json: {} })
    expectProblem(answer, 405)
    expect(answer.headers.get('allow')).toContain('GET')
  })

  test('SV-01 a URL that cannot be decoded is a problem', async () => {
    expectProblem(await send('/%zz'), 400)
  })

  if (create) {
    const post = { method: 'POST', headers: { 'idempotency-key': 'manners-malformed' } }
    test('SV-01 SV-37 bad JSON, an oversized body and a wrong media type are problems', async () => {
      expectProblem(await send(create.path, { ...post, text: '{"a":' }), 400)
      expectProblem(await send(create.path, { ...post, json: 'x'.repeat(2 * 1024 * 1024) }), 413)
      const headers = { ...post.headers, 'content-type': 'text/csv' }
      expectProblem(await send(create.path, { ...post, headers, text: 'a,b' }), 415)
    })
  }

  test('SV-33 the trace of the caller goes on, and a broken one is replaced', async () => {
    const traceId = '0af7651916cd43dd8448eb211c80319c'
    const going = await send(protectedPath, { headers: { traceparent: `00-${traceId}-b7ad6b7169203331-01` } })
    expect(going.headers.get('trace-id')).toBe(traceId)
    const broken = await send(protectedPath, { headers: { traceparent: 'nonsense' } })
    expect(broken.headers.get('trace-id')).toMatch(/^[0-9a-f]{32}$/)
  })

  test('SV-34 SV-38 health is on the admin port alone', async () => {
    for (const path of ['/health/live', '/health/ready', '/metrics']) {
      expect((await fetch(new URL(path, service().adminUrl))).status, path).toBe(200)
      expectProblem(await send(path), 404)
    }
  })

  test('SV-38 personal data is not to be stored, and no page may be made of it', async () => {
    const { headers } = await send(protectedPath)
    expect(headers.get('cache-control')).toBe('no-store')
    expect(headers.get('x-content-type-options')).toBe('nosniff')
    expect(headers.get('content-security-policy')).toContain("default-src 'none'")
    expect(headers.get('server-timing')).toContain('service;dur=')
  })

  test('the service describes itself with OpenAPI 3.1, problems included', async () => {
    const answer = await readAnswer(await fetch(new URL('/openapi.json', service().url)))
    expect(answer.body.openapi).toMatch(/^3\.1\./)
    expect(answer.body).toHaveProperty('components.schemas.Problem')
  })
}
