import { type Config, commonVariables, type Environment, readConfig, variable } from '@alicerce/service-kit'

const schema = {
  ...commonVariables({ port: 8081, adminPort: 9081 }),
  DATABASE_URL: variable.secretUrl({ description: 'database `auth` as the role auth_server' }),
  ISSUER_URL: variable.url({
    description: 'public URL of this server, the issuer of every token',
    developmentDefault: 'http://localhost:8081',
  }),
  WEB_APP_URL: variable.url({
    description: 'public URL of the web app, the client `web`',
    developmentDefault: 'http://localhost:8080',
  }),
  API_AUDIENCE: variable.string({ description: 'audience of access tokens', default: 'urn:alicerce:api' }),
  COOKIE_KEYS: variable.secretList({
    description: 'sign cookies; several separated by commas, the first signs, the others still verify',
    developmentDefault: ['a-cookie-key-for-development-that-everybody-knows'],
  }),
  KEY_ENCRYPTION_KEY: variable.secret({
    description: 'encrypts the private signing keys in the database; 32 random bytes as base64url',
    developmentDefault: 'ZGV2ZWxvcG1lbnQta2V5LXRoYXQtZXZlcnlib2R5LWs',
  }),
  CLIENTS_FILE: variable.string({ description: 'JSON file with further clients', optional: true }),
  TRUST_PROXY: variable.boolean({
    description: 'whether X-Forwarded-* come from a proxy of ours in front',
    default: false,
  }),
  DEMO_ACCOUNTS: variable.boolean({
    description: 'whether the demo accounts exist and the sign-in page offers them',
    default: false,
  }),
}

/** How the auth server is configured. */
export type AuthServerConfig = Config<typeof schema>

/**
 * Reads the configuration from environment variables.
 * @throws {ConfigError} with every fault
 */
export const readAuthServerConfig = (env: Environment): AuthServerConfig => readConfig(schema, env)
