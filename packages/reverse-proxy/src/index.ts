export { overlayEnvironment } from './configuration/environment-overlay.ts'
export type {
  ClusterConfiguration,
  DestinationConfiguration,
  ProxyConfiguration,
  RouteConfiguration,
} from './configuration/proxy-configuration.ts'
export {
  type ConfigurationFault,
  ProxyConfigurationError,
} from './configuration/proxy-configuration-error.ts'
export { type ReadOptions, readProxyConfiguration } from './configuration/read-proxy-configuration.ts'
export { parseRelaxedJson } from './configuration/relaxed-json.ts'
export { Section } from './configuration/section.ts'
export type { Exchange, Refusal } from './exchange.ts'
export type { Flow, Forwarder, UpstreamListener, UpstreamRequest } from './forwarding/forwarder.ts'
export type { ForwarderErrorName } from './forwarding/forwarder-error.ts'
export type { Clock, Log } from './ports.ts'
export type { ProxyHooks, ReverseProxy, ReverseProxyOptions } from './proxy-types.ts'
export { createReverseProxy } from './reverse-proxy.ts'
export type { Snapshot } from './snapshot.ts'
