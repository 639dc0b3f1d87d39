import { once } from 'node:events'
import { createServer as createH2c, createSecureServer } from 'node:http2'
import { createServer as createHttps } from 'node:https'
import type { AddressInfo, Server } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { closeAll, closing, startProxy, startUpstream } from '../fixtures.ts'
import { selfSigned } from './certificate.ts'

afterEach(closeAll)

const certificate = selfSigned()

async function listening(server: Server, scheme: 'http' | 'https'): Promise<string> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  closing.push(() => server.close())
  return `${scheme}://127.0.0.1:${(server.address() as AddressInfo).port}/`
}

type Answering = { end(body: string): unknown }
const version = ({ httpVersion }: { httpVersion: string }, response: Answering) =>
  void response.end(httpVersion)

/** Services, each answering with the version that it was asked in. */
const services = {
  'HTTP/2 and 1.1 over TLS': () =>
    listening(createSecureServer({ ...certificate, allowHTTP1: true }, version), 'https'),
  'HTTP/1.1 over TLS': () => listening(createHttps(certificate, version), 'https'),
  'HTTP/1.1': async () => (await startUpstream(version)).address,
  'HTTP/2 alone': () => listening(createH2c(version), 'http'),
}

test.each([
  ['HTTP/2 and 1.1 over TLS', {}, '2.0'],
  ['HTTP/1.1 over TLS', {}, '1.1'],
  ['HTTP/1.1', {}, '1.1'],
  ['HTTP/2 and 1.1 over TLS', { Version: '2', VersionPolicy: 'RequestVersionOrLower' }, '2.0'],
  ['HTTP/1.1 over TLS', { Version: '2', VersionPolicy: 'RequestVersionOrLower' }, '1.1'],
  ['HTTP/1.1', { Version: '2', VersionPolicy: 'RequestVersionOrLower' }, '1.1'],
  ['HTTP/2 and 1.1 over TLS', { Version: '1.1' }, '1.1'],
  ['HTTP/2 and 1.1 over TLS', { Version: '1.1', VersionPolicy: 'RequestVersionExact' }, '1.1'],
  ['HTTP/2 and 1.1 over TLS', { Version: '2', VersionPolicy: 'RequestVersionExact' }, '2.0'],
  ['HTTP/2 alone', { Version: '2', VersionPolicy: 'RequestVersionExact' }, '2.0'],
] as const)('GW-50 a service of %s is asked under %j in HTTP/%s', async (kind, HttpRequest, expected) => {
  const HttpClient = { DangerousAcceptAnyServerCertificate: true }
  const { url } = await startProxy(await services[kind](), {}, {}, { HttpClient, HttpRequest })
  const response = await fetch(`${url}/api/a`)
  expect([response.status, await response.text()]).toEqual([200, expected])
})
