// A process of its own: the gateway's engine, which asks nothing and adds nothing.
import { createReverseProxy, readProxyConfiguration } from '@alicerce/reverse-proxy'
import { tlsListener } from '../listeners.ts'
import { readPeerSettings } from './peer-settings.ts'

const { upstream, ports, host, certificate } = readPeerSettings()
const configuration = readProxyConfiguration(
  {
    Routes: {
      all: { ClusterId: 'service', AuthorizationPolicy: 'Anonymous', Match: { Path: '/{**rest}' } },
    },
    Listeners: { tls: tlsListener(ports.tls, certificate), http2: tlsListener(ports.http2, certificate) },
    Clusters: { service: { Destinations: { 1: { Address: `${upstream}/` } } } },
  },
  { authorizationPolicies: [] },
)
const write = () => {}
const log = { debug: write, info: write, warn: write, error: console.error }
await createReverseProxy({ configuration, log }).listen({ host, port: ports.plain })
process.send?.('ready')
