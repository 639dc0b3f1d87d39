export type { AttemptWatch, WatchAttempt } from './attempt-watch.ts'
export { overlayEnvironment } from './configuration/environment-overlay.ts'
export type {
  ClusterConfiguration,
  DestinationConfiguration,
  ProxyConfiguration,
  RouteConfiguration,
} from './configuration/proxy-configuration.ts'
export {
  type ConfigurationFault,
  describeFault,
  ProxyConfigurationError,
} from './configuration/proxy-configuration-error.ts'
export type { PolicyReader, PolicyReaders } from './configuration/read-policies.ts'
export { type ReadOptions, readProxyConfiguration } from './configuration/read-proxy-configuration.ts'
export { parseRelaxedJson } from './configuration/relaxed-json.ts'
export type { Section } from './configuration/section.ts'
export { isFrom } from './edge/client.ts'
export type { Exchange, OwnAnswer, Refusal, Timings } from './exchange.ts'
export type { Flow, Forwarder, UpstreamListener, UpstreamRequest } from './forwarding/forwarder.ts'
export type { ForwarderErrorName } from './forwarding/forwarder-error.ts'
export { DurationCounts, durationBounds } from './live/duration-counts.ts'
export { type RecentCounts, RecentExchanges, type RecentSummary, summarize } from './live/recent-exchanges.ts'
export type { Clock, Log } from './ports.ts'
export type { OpenStream, ProxyHooks, ReverseProxy, ReverseProxyOptions } from './proxy-types.ts'
export type {
  DestinationResolver,
  ResolvedAddress,
  ResolverConfiguration,
} from './resolving/destination-resolver.ts'
export { createReverseProxy } from './reverse-proxy.ts'
export type { Criterion } from './routing/criteria.ts'
export {
  explainRouting,
  routesTaking,
} from './routing/explain-routing.ts'
export { createRouter, type Router } from './routing/router.ts'
export { type ConfigurationDescription, describeConfiguration } from './schema/describe-configuration.ts'
export type { KeyReference } from './schema/reference.ts'
export type { JsonSchema } from './schema/to-json-schema.ts'
export type { OpenSocket } from './servers/open-socket.ts'
export type { ProtocolSwitch } from './servers/protocol-switch.ts'
export type { Snapshot } from './snapshot.ts'
