import { describeFault, type ProxyConfiguration, ProxyConfigurationError } from '@alicerce/reverse-proxy'
import type { Clock, Log } from '@alicerce/service-kit'
import { type GatewayConfiguration, readGatewayConfiguration } from './gateway-configuration.ts'

/** How the last reading of the configuration ended. With a fault, the one before goes on serving. */
export type LastReading = {
  readonly at: string
  readonly faults: readonly string[]
  readonly warnings: readonly string[]
}

/** The configuration that serves now. */
export type CurrentConfiguration = {
  get(): GatewayConfiguration
  lastReading(): LastReading
  /** When what serves began to, as an ISO date. A reading that changes nothing changes this neither. */
  since(): string
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
  const isoNow = () => new Date(clock.now()).toISOString()
  const read = () => {
    const configuration = readGatewayConfiguration(file, overlay)
    for (const warning of configuration.proxy.warnings) log.warn({}, warning)
    return configuration
  }
  let current = read()
  let since = isoNow()
  const readingNow = (faults: readonly string[] = []): LastReading => {
    return { at: isoNow(), faults, warnings: current.proxy.warnings }
  }
  let lastReading = readingNow()
  return {
    get: () => current,
    lastReading: () => lastReading,
    since: () => since,
    reload(apply) {
      try {
        const next = read()
        apply(next.proxy)
        if (next.hash !== current.hash) since = isoNow()
        current = next
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
