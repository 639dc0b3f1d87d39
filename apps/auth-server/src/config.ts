import {
  apiUrlVariable,
  type Config,
  ConfigError,
  type ConfigFault,
  commonVariables,
  type Environment,
  readConfig,
  variable,
} from '@alicerce/service-kit'

const day = 24 * 3600

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
  API_URL: apiUrlVariable,
  API_AUDIENCE: variable.string({ description: 'audience of access tokens', default: 'urn:alicerce:api' }),
  COOKIE_KEYS: variable.secretList({
    description: 'sign cookies; several separated by commas, the first signs, the others still verify',
    developmentDefault: ['a-cookie-key-for-development-that-everybody-knows'],
  }),
  KEY_ENCRYPTION_KEY: variable.secretList({
    description:
      'seals signing keys and other secrets in the database; 32 random bytes as base64url. Several separated by commas: the first seals, the others still open',
    developmentDefault: ['ZGV2ZWxvcG1lbnQta2V5LXRoYXQtZXZlcnlib2R5LWs'],
  }),
  SIGNING_KEY_ACTIVE_SECONDS: variable.integer({
    description: 'how long a signing key signs',
    default: 90 * day,
    minimum: 1,
  }),
  SIGNING_KEY_ANNOUNCED_SECONDS: variable.integer({
    description:
      'how long a signing key is published before it signs; longer than resource servers keep keys, ten minutes',
    default: day,
    minimum: 1,
  }),
  SIGNING_KEY_RETIRED_SECONDS: variable.integer({
    description:
      'how long a signing key stays published after it has signed for the last time; longer than a token lives, one hour',
    default: day,
    minimum: 1,
  }),
  RECENT_SIGN_IN_SECONDS: variable.integer({
    description:
      'how long after signing in an administrator may change roles and disable accounts, and anybody what protects his account',
    default: 600,
    minimum: 1,
  }),
  SMTP_URL: variable.secretUrl({
    description: 'mail server: smtps://user:password@host:465, or smtp:// for one that offers STARTTLS',
    optional: true,
  }),
  MAIL_FROM: variable.string({
    description: 'who mails come from',
    default: 'Alicerce <no-reply@localhost>',
  }),
  CLIENTS_FILE: variable.string({ description: 'JSON file with further clients', optional: true }),
  EXTERNAL_PROVIDERS_FILE: variable.string({
    description: 'JSON file with other OpenID Providers at which people may sign in',
    optional: true,
  }),
  PRIVATE_CLIENT_HOSTS: variable.list({
    description:
      'hosts inside your network that clients may name for their keys and for logout notices, separated by commas; others there are never called',
    default: [],
  }),
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
export function readAuthServerConfig(env: Environment): AuthServerConfig {
  const config = readConfig(schema, env)
  const faults = faultsOf(config)
  if (faults.length > 0) throw new ConfigError(faults)
  return config
}

/** What one variable alone does not show. */
function faultsOf(config: AuthServerConfig): ConfigFault[] {
  const faults: ConfigFault[] = []
  const production = config.APP_ENV === 'production'
  for (const name of ['ISSUER_URL', 'WEB_APP_URL'] as const)
    if (production && !isHttpsOrLoopback(config[name]))
      faults.push({
        variable: name,
        reason: 'is http, which production takes for loopback addresses only',
        mend: 'Set it to an https URL',
      })
  if (config.KEY_ENCRYPTION_KEY.length === 0 || !config.KEY_ENCRYPTION_KEY.every(isKey))
    faults.push({
      variable: 'KEY_ENCRYPTION_KEY',
      reason: 'has a key that is not 32 bytes as base64url, or none',
      mend: 'Make one by: node -p "crypto.randomBytes(32).toString(\'base64url\')"',
    })
  for (const [name, minimum] of [
    ['SIGNING_KEY_ANNOUNCED_SECONDS', 15 * 60],
    ['SIGNING_KEY_RETIRED_SECONDS', 65 * 60],
  ] as const)
    if (production && config[name] < minimum)
      faults.push({
        variable: name,
        reason: `is under ${minimum}: tokens would be refused during a rotation`,
        mend: `Set it to ${minimum} or more`,
      })
  if (config.COOKIE_KEYS.length === 0 || (production && config.COOKIE_KEYS.some(({ length }) => length < 32)))
    faults.push({
      variable: 'COOKIE_KEYS',
      reason: 'has a key of fewer than 32 signs, or none',
      mend: 'Make one by: node -p "crypto.randomBytes(32).toString(\'base64url\')"',
    })
  if (production && !config.SMTP_URL && !config.DEMO_ACCOUNTS)
    faults.push({
      variable: 'SMTP_URL',
      reason: 'is not set: nobody could be sent a link for another password',
      mend: 'Set it to smtps://user:password@host:465',
    })
  return faults
}

const isKey = (text: string) => /^[\w-]{43}$/.test(text)

/** Whether nobody on a network can read what is sent there: TLS, or this machine itself. */
export function isHttpsOrLoopback(text: string): boolean {
  const url = URL.parse(text)
  return url?.protocol === 'https:' || (url?.protocol === 'http:' && loopback.has(url.hostname))
}

const loopback = new Set(['localhost', '127.0.0.1', '[::1]'])
