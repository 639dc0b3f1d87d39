import { fileURLToPath } from 'node:url'
import {
  type Config,
  ConfigError,
  type ConfigFault,
  commonVariables,
  type Environment,
  readConfig,
  resourceServerVariables,
  variable,
} from '@alicerce/service-kit'

const besideThisApp = (path: string) => fileURLToPath(new URL(`../${path}`, import.meta.url))

const sourceSchema = {
  PROXY_CONFIGURATION: variable.string({
    description: 'JSON file with routes, clusters and policies, in the form of YARP',
    default: besideThisApp('gateway.json'),
  }),
}

const schema = {
  ...sourceSchema,
  ...commonVariables({ port: 8080, adminPort: 9080 }),
  ...resourceServerVariables,
  WEB_ROOT: variable.string({
    description: 'folder of the built web app',
    default: besideThisApp('../web/dist'),
  }),
  WEB_DEVELOPMENT_URL: variable.url({
    description: "Vite's development server, which then serves the web app instead of WEB_ROOT",
    optional: true,
  }),
  WEB_BOUND_TOKENS: variable.boolean({
    description: 'whether the web app binds its tokens to a key that cannot leave the browser (DPoP)',
    default: false,
  }),
  AFFINITY_KEY: variable.secret({
    description:
      'encrypts the keys of session affinity (policies Cookie and CustomHeader); 32 random bytes as base64url, the same for all gateways',
    optional: true,
  }),
  ACCESS_LOG: variable.string({
    description:
      'where each request is written when it has ended, as one line of JSON: stdout, off, or a file',
    default: 'stdout',
  }),
  ACCESS_LOG_SUBJECT: variable.boolean({
    description: 'whether these lines name the person or client whose token it was',
    default: false,
  }),
  GATEWAY_INSTANCES: variable.integer({
    description:
      'how many gateways there are: each counts its share of the rate limits while Redis does not answer',
    default: 1,
    minimum: 1,
  }),
  OUTPUT_CACHE_BYTES: variable.integer({
    description:
      'how much all output caches of a gateway hold in memory together, in bytes; 0 stores nothing',
    default: 64 * 1024 * 1024,
  }),
  GATEWAY_WORKERS: variable.integer({
    description: 'how many processes serve the port, such as one for each core; more than one need Redis',
    default: 1,
    minimum: 1,
    maximum: 256,
  }),
  TRACE_ONE_IN: variable.integer({
    description: 'of how many traces that begin here one is recorded',
    default: 1,
    minimum: 1,
  }),
  SERVER_TIMING: variable.boolean({
    description: 'whether responses tell the way they went, in Server-Timing',
    default: true,
  }),
}

/** How the gateway is configured. */
export type ApiGatewayConfig = Config<typeof schema> & {
  /** Variables of .NET's form that change the proxy configuration: `ReverseProxy__Clusters__…`. */
  readonly proxyOverlay: Environment
}

/**
 * Reads the configuration from environment variables.
 * @throws {ConfigError} with every fault
 */
export function readApiGatewayConfig(env: Environment): ApiGatewayConfig {
  const config = readConfig(schema, env)
  const faults = config.GATEWAY_WORKERS > 1 ? faultsOfWorkers(config) : []
  if (faults.length > 0) throw new ConfigError(faults)
  return { ...config, proxyOverlay: overlayOf(env) }
}

/** What several workers need that one does not. */
function faultsOfWorkers({ REDIS_URL, PORT }: Config<typeof schema>): ConfigFault[] {
  const faults: ConfigFault[] = []
  const reason = 'is missing, and GATEWAY_WORKERS is more than 1'
  if (!REDIS_URL)
    faults.push({
      variable: 'REDIS_URL',
      reason,
      mend: 'Set it: workers share revocations and limits by Redis',
    })
  if (PORT === 0)
    faults.push({
      variable: 'PORT',
      reason: 'lets the system choose, and GATEWAY_WORKERS is more than 1',
      mend: 'Set the port that all workers are to serve',
    })
  return faults
}

/**
 * Reads only what says which proxy configuration is served, whatever else is set or missing.
 * @throws {ConfigError} with every fault
 */
export function readConfigurationSource(env: Environment): { file: string; overlay: Environment } {
  const { PROXY_CONFIGURATION, PROXY_CONFIGURATION_FILE } = env
  const { PROXY_CONFIGURATION: file } = readConfig(sourceSchema, {
    PROXY_CONFIGURATION,
    PROXY_CONFIGURATION_FILE,
  })
  return { file, overlay: overlayOf(env) }
}

function overlayOf(env: Environment): Environment {
  return Object.fromEntries(Object.entries(env).filter(([name]) => /^ReverseProxy__/i.test(name)))
}
