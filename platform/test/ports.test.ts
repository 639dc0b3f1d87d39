import { once } from 'node:events'
import { createServer } from 'node:net'
import { expect, test } from 'vitest'
import { assertPortsFree, portsFrom } from '../src/ports.ts'

test('the default ports are those of the documentation', () => {
  expect(portsFrom(8080)).toMatchObject({
    auth: 8081,
    users: 8091,
    orders: 8092,
    gatewayAdmin: 9080,
    postgres: 8432,
    redis: 8379,
  })
})

test('no two ports are the same', () => {
  const ports = Object.values(portsFrom(8080))
  expect(new Set(ports).size).toBe(ports.length)
})

test('a taken port is named, with what to do', async () => {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  await expect(assertPortsFree([port])).rejects.toThrow(new RegExp(`Port ${port} is used.*--port`))
  server.close()
})
