// A process of its own: http-proxy-middleware on express, with connections to the upstream that last.
import { Agent, createServer } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import express from 'express'
import { createProxyMiddleware } from 'http-proxy-middleware'
import { readPeerSettings } from './peer-settings.ts'

const { upstream, ports, tls, host } = readPeerSettings()
const app = express()
const proxy = createProxyMiddleware({ target: upstream, ws: true, agent: new Agent({ keepAlive: true }) })
app.use(proxy)
const server = createServer(app)
server.on('upgrade', proxy.upgrade)
server.listen(ports.plain, host, () =>
  createTlsServer(tls, app).listen(ports.tls, host, () => process.send?.('ready')),
)
