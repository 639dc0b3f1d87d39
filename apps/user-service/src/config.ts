import { type Config, commonVariables, type Environment, readConfig, variable } from '@alicerce/service-kit'

const schema = {
  ...commonVariables({ port: 8091, adminPort: 9091 }),
  DATABASE_URL: variable.secretUrl({ description: 'database `users` as the role user_service' }),
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
}

/** How this service is configured. */
export type UserServiceConfig = Config<typeof schema>

/**
 * Reads the configuration from environment variables.
 * @throws {ConfigError} with every fault
 */
export const readUserServiceConfig = (env: Environment): UserServiceConfig => readConfig(schema, env)
