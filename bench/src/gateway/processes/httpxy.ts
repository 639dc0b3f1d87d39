// A process of its own: httpxy as its documentation has it, with connections to the upstream that last.
import { Agent, createServer, type RequestListener } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { Socket } from 'node:net'
import { createProxyServer } from 'httpxy'
import { readPeerSettings } from './peer-settings.ts'

const { upstream, ports, tls, host } = readPeerSettings()
const proxy = createProxyServer({ target: upstream, agent: new Agent({ keepAlive: true }) })
const listener: RequestListener = (request, response) => {
  proxy.web(request, response).catch(() => response.destroy())
}
const server = createServer(listener)
server.on('upgrade', (request, socket, head) => {
  proxy.ws(request, socket as Socket, {}, head).catch(() => socket.destroy())
})
server.listen(ports.plain, host, () =>
  createTlsServer(tls, listener).listen(ports.tls, host, () => process.send?.('ready')),
)
