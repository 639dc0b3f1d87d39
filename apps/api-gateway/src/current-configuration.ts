import { describeFault, type ProxyConfiguration, ProxyConfigurationError } from '@alicerce/reverse-proxy'
import type { Clock, Log } from '@alicerce/service-kit'
import type { LastReading } from './describe-routes.ts'
import { type GatewayConfiguration, readGatewayConfiguration } from './gateway-configuration.ts'

/** The configuration that serves now. */
export type CurrentConfiguration = {
  get(): GatewayConfiguration
  lastReading(): LastReading
  /** Reads the file again. A file with faults changes nothing: each fault is logged, and what served before goes on. */
  reload(apply: (proxy: ProxyConfiguration) => void): void
}

/** @throws {ProxyConfigurationError} when the file has faults: nothing serves before it is right. */
export function createCurrentConfiguration(parts: {
  file: string
  overlay: Readonly<Record<string, string | undefined>>
  log: Log
  clock: Clock
}): CurrentConfiguration {
  const { file, overlay, log, clock } = parts
  const readingNow = (faults: readonly string[] = []) => ({ at: new Date(clock.now()).toISOString(), faults })
  const read = () => {
    const configuration = readGatewayConfiguration(file, overlay)
    for (const warning of configuration.proxy.warnings) log.warn({}, warning)
    return configuration
  }
  let current = read()
  let lastReading: LastReading = readingNow()
  return {
    get: () => current,
    lastReading: () => lastReading,
    reload(apply) {
      try {
        current = read()
        apply(current.proxy)
        lastReading = readingNow()
        log.info({ file }, 'The proxy configuration was reloaded')
      } catch (error) {
        if (!(error instanceof ProxyConfigurationError)) throw error
        const faults = error.faults.map(describeFault)
        lastReading = readingNow(faults)
        log.error({ file, faults }, 'The proxy configuration has faults: the one before goes on serving')
      }
    },
  }
}
