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
  ...commonVariables({ port: 8091, adminPort: 9091 }),
  DATABASE_URL: variable.secretUrl({ description: 'database `users` as the role user_service' }),
  ...resourceServerVariables,
  ...cacheVariables,
  CURSOR_KEY: variable.secret({
    description:
      'signs the cursors of lists and consistency tokens; 32 random bytes, base64url, the same for all copies of this service',
    developmentDefault: 'a-key-for-development-that-everybody-knows',
  }),
}

/** How this service is configured. */
export type UserServiceConfig = Config<typeof schema>

/**
 * Reads the configuration from environment variables.
 * @throws {ConfigError} with every fault
 */
export const readUserServiceConfig = (env: Environment): UserServiceConfig => readConfig(schema, env)
