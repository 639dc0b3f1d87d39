import { AccessTokenError, type CallingRequest } from '@alicerce/access-tokens'
import { capturedLog } from '@alicerce/testing'
import { Type } from 'typebox'
import { createHttpService, type FastifyTyped, type HttpServiceOptions } from '#src/index.ts'
import type { RunningApp } from '#src/process/running-app.ts'

const running: RunningApp[] = []

/** Claims for the tokens of these tests: `<sub> <scope,scope> <role,role>`. */
export async function authenticate({ rawHeaders }: CallingRequest) {
  const header = rawHeaders.find((_, index) => /^authorization$/i.test(rawHeaders[index - 1] ?? ''))
  if (!header) throw new AccessTokenError('token-missing', 'There is no access token.')
  if (header === 'Bearer forged') throw new AccessTokenError('token-signature', 'The signature is wrong.')
  if (header === 'Bearer keyless')
    throw new AccessTokenError('keys-unavailable', 'No keys from http://secret-host')
  const [sub = '', scopes = '', roles = ''] = header.slice('Bearer '.length).split(' ')
  const now = Math.floor(Date.now() / 1000)
  return {
    ...{ iss: 'http://issuer', sub, aud: ['api'], client_id: 'web', jti: 'j', iat: now, exp: now + 300 },
    scopes: new Set(scopes.split(',')),
    roles: roles.split(','),
  }
}

/** Starts a service on free ports. `stopAll` ends it. */
export async function startService(
  routes: (app: FastifyTyped) => void | Promise<void>,
  options: Partial<Omit<HttpServiceOptions, 'config'>> & {
    config?: Partial<HttpServiceOptions['config']>
  } = {},
): Promise<RunningApp & { log: ReturnType<typeof capturedLog> }> {
  const log = capturedLog()
  const app = await createHttpService({
    name: 'test-service',
    log,
    authenticate,
    openApi: { title: 'Test', version: '1.0.0', description: 'A service of tests' },
    readiness: {},
    close: async () => {},
    ...options,
    routes,
    config: {
      ...{ host: '127.0.0.1', port: 0, adminHost: '127.0.0.1', adminPort: 0, environment: 'test' },
      ...options.config,
    },
  })
  running.push(app)
  return { ...app, log }
}

/** Ends every service that was started. */
export async function stopAll(): Promise<void> {
  await Promise.all(running.splice(0).map((app) => app.close()))
}

/** An answer, read. */
export async function ask(url: string, init: RequestInit & { json?: unknown } = {}) {
  const { json, ...rest } = init
  const sent = json === undefined ? rest : { ...rest, body: JSON.stringify(json) }
  const headers = { ...(json !== undefined && { 'content-type': 'application/json' }), ...init.headers }
  const response = await fetch(url, { ...sent, headers })
  const text = await response.text()
  const type = response.headers.get('content-type') ?? ''
  return {
    status: response.status,
    headers: response.headers,
    text,
    body: type.includes('json') ? JSON.parse(text) : text,
  }
}

/** A small resource for contracts. */
export const Thing = Type.Object(
  { id: Type.String(), size: Type.Integer({ minimum: 1 }) },
  { title: 'Thing' },
)
