import { variable } from './variable.ts'

/** The variables that every app has, with the app's default ports. `ADMIN_PORT` serves health and metrics. */
export function commonVariables(ports: { port: number; adminPort: number }) {
  return {
    LOG_LEVEL: variable.choice(['debug', 'info', 'warn', 'error', 'silent'], {
      description: 'how much is logged',
      default: 'info',
    }),
    HOST: variable.string({ description: 'address to listen on', default: '127.0.0.1' }),
    PORT: variable.port({ description: 'port to listen on', default: ports.port }),
    ADMIN_HOST: variable.string({ description: 'address of health and metrics', default: '127.0.0.1' }),
    ADMIN_PORT: variable.port({ description: 'port of health and metrics', default: ports.adminPort }),
    OTEL_EXPORTER_OTLP_ENDPOINT: variable.url({
      description: 'collector that traces are sent to, by OTLP over HTTP, such as http://localhost:4318',
      optional: true,
    }),
    REDIS_URL: variable.secretUrl({
      description: 'Redis or Valkey, such as redis://localhost:6379',
      optional: 'except in production',
    }),
  }
}

/** The variables of whoever has a cache. */
export const cacheVariables = {
  CACHE_CLUSTER_URLS: variable.secretUrlList({
    description:
      'some servers of the Redis Cluster that holds the cache, separated by commas, such as redis://one:6379,redis://two:6379',
    optional: true,
  }),
}
