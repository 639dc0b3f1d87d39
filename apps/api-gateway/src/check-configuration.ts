import { describeFault, ProxyConfigurationError } from '@alicerce/reverse-proxy'
import { readGatewayConfiguration } from './gateway-configuration.ts'

/** What is said of a configuration: one line each. */
export type ConfigurationCheck = { readonly isRight: boolean; readonly lines: readonly string[] }

/** Reads a configuration as serving it would, and tells every fault, or what is in it. */
export function checkConfiguration(
  file: string,
  overlay: Readonly<Record<string, string | undefined>>,
): ConfigurationCheck {
  try {
    const { proxy, policies, rateLimits } = readGatewayConfiguration(file, overlay)
    const counts = [
      count(proxy.routes.length, 'route'),
      count(proxy.clusters.size, 'cluster'),
      // Default is not written by anybody.
      count(policies.size - 1, 'authorization policy', 'authorization policies'),
      count(rateLimits.size, 'rate limit'),
      count(proxy.warnings.length, 'warning'),
    ]
    const warnings = proxy.warnings.map((warning) => `warning: ${warning}`)
    return { isRight: true, lines: [...warnings, `${file} is right: ${counts.join(', ')}.`] }
  } catch (error) {
    if (!(error instanceof ProxyConfigurationError)) throw error
    const faults = count(error.faults.length, 'fault')
    return { isRight: false, lines: [...error.faults.map(describeFault), `${file} has ${faults}.`] }
  }
}

const count = (number: number, one: string, more = `${one}s`): string =>
  `${number} ${number === 1 ? one : more}`
