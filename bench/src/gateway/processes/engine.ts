// A process of its own: the gateway's engine, which asks nothing and adds nothing.
import { createReverseProxy, readProxyConfiguration } from '@alicerce/reverse-proxy'
import { readPeerSettings } from './peer-settings.ts'

const { upstream, ports, host } = readPeerSettings()
const configuration = readProxyConfiguration(
  {
    Routes: {
      all: { ClusterId: 'service', AuthorizationPolicy: 'Anonymous', Match: { Path: '/{**rest}' } },
    },
    Clusters: { service: { Destinations: { 1: { Address: `${upstream}/` } } } },
  },
  { authorizationPolicies: [] },
)
const write = () => {}
const log = { debug: write, info: write, warn: write, error: console.error }
await createReverseProxy({ configuration, log }).listen({ host, port: ports.plain })
process.send?.('ready')
