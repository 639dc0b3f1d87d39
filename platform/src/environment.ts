import { join } from 'node:path'
import type { Ports } from './ports.ts'
import type { Secrets } from './secrets.ts'

/** The environment variables of one app, as its `src/config.ts` reads them. */
export type Environment = Record<string, string | undefined>

/** What the apps must know of this run. */
export type Run = {
  ports: Ports
  secrets: Secrets
  redisUrl: string | undefined
  databaseUrl: (database: string, role: keyof Secrets['databasePasswords']) => string
  projectFolder: string
  /** Where Vite serves the web app under development; undefined: the built files are served. */
  webDevelopmentUrl: string | undefined
}

const loopback = (port: number) => `http://localhost:${port}`

/**
 * The environment of each app for a run on this machine. The apps are configured as they would be in production, by variables alone,
 * so that what runs here and what is shipped cannot part.
 */
export function environmentsOf(run: Run) {
  const { ports, secrets } = run
  const issuer = loopback(ports.auth)
  const { WEB_APP_URL: webApp = loopback(ports.gateway), OTEL_EXPORTER_OTLP_ENDPOINT: collector = '' } =
    process.env
  const common = {
    APP_ENV: 'development',
    LOG_LEVEL: process.env.LOG_LEVEL ?? 'warn',
    ISSUER_URL: issuer,
    API_URL: `${webApp}/api`,
    REDIS_URL: run.redisUrl,
    OTEL_EXPORTER_OTLP_ENDPOINT: collector,
  }
  const listen = (port: number, adminPort: number) => ({ PORT: String(port), ADMIN_PORT: String(adminPort) })
  return {
    auth: {
      ...common,
      ...listen(ports.auth, ports.authAdmin),
      DATABASE_URL: run.databaseUrl('auth', 'auth_server'),
      MIGRATION_DATABASE_URL: run.databaseUrl('auth', 'auth_owner'),
      WEB_APP_URL: webApp,
      COOKIE_KEYS: secrets.cookieKeys.join(','),
      KEY_ENCRYPTION_KEY: secrets.keyEncryptionKey,
      DEMO_ACCOUNTS: 'true',
    },
    users: {
      ...common,
      ...listen(ports.users, ports.usersAdmin),
      DATABASE_URL: run.databaseUrl('users', 'user_service'),
      MIGRATION_DATABASE_URL: run.databaseUrl('users', 'users_owner'),
      CURSOR_KEY: secrets.cursorKeys.users,
    },
    orders: {
      ...common,
      ...listen(ports.orders, ports.ordersAdmin),
      DATABASE_URL: run.databaseUrl('orders', 'order_service'),
      MIGRATION_DATABASE_URL: run.databaseUrl('orders', 'orders_owner'),
      CURSOR_KEY: secrets.cursorKeys.orders,
      DEMO_ORDERS: 'true',
    },
    gateway: {
      ...common,
      ...listen(ports.gateway, ports.gatewayAdmin),
      PROXY_CONFIGURATION: join(run.projectFolder, 'apps/api-gateway/gateway.json'),
      ACCESS_LOG: process.env.ACCESS_LOG ?? 'off',
      WEB_ROOT: join(run.projectFolder, 'apps/web/dist'),
      WEB_DEVELOPMENT_URL: run.webDevelopmentUrl,
      WEB_BOUND_TOKENS: process.env.WEB_BOUND_TOKENS,
      ReverseProxy__Clusters__accounts__Destinations__1__Address: `http://127.0.0.1:${ports.auth}/`,
      ReverseProxy__Clusters__users__Destinations__1__Address: `http://127.0.0.1:${ports.users}/`,
      ReverseProxy__Clusters__orders__Destinations__1__Address: `http://127.0.0.1:${ports.orders}/`,
    },
  } satisfies Record<string, Environment>
}

export type Environments = ReturnType<typeof environmentsOf>
