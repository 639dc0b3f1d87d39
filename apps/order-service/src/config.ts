import { type Config, commonVariables, type Environment, readConfig, variable } from '@alicerce/service-kit'

const schema = {
  ...commonVariables({ port: 8092, adminPort: 9092 }),
  DATABASE_URL: variable.secretUrl({ description: 'database `orders` as the role order_service' }),
  ISSUER_URL: variable.url({
    description: 'public URL of the auth server, the issuer of access tokens',
    developmentDefault: 'http://localhost:8081',
  }),
  AUTH_INTERNAL_URL: variable.url({
    description: 'where the auth server is reached inside of a network; ISSUER_URL if it is not set',
    optional: true,
  }),
  API_AUDIENCE: variable.string({
    description: 'audience that access tokens must have',
    default: 'urn:alicerce:api',
  }),
  CURSOR_KEY: variable.secret({
    description:
      'signs the cursors of lists; 32 random bytes, base64url, the same for all copies of this service',
    developmentDefault: 'a-key-for-development-that-everybody-knows',
  }),
  DEMO_ORDERS: variable.boolean({
    description: 'whether sample orders are put into an empty database',
    default: false,
  }),
}

/** How this service is configured. */
export type OrderServiceConfig = Config<typeof schema>

/**
 * Reads the configuration from environment variables.
 * @throws {ConfigError} with every fault
 */
export const readOrderServiceConfig = (env: Environment): OrderServiceConfig => readConfig(schema, env)
