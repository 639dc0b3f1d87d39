import {
  type Config,
  cacheVariables,
  commonVariables,
  type Environment,
  readConfig,
  resourceServerVariables,
  variable,
} from '@alicerce/service-kit'

const schema = {
  ...commonVariables({ port: 8092, adminPort: 9092 }),
  DATABASE_URL: variable.secretUrl({ description: 'database `orders` as the role order_service' }),
  ...resourceServerVariables,
  ...cacheVariables,
  CURSOR_KEY: variable.secret({
    description:
      'signs the cursors of lists and consistency tokens; 32 random bytes, base64url, the same for all copies of this service',
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
