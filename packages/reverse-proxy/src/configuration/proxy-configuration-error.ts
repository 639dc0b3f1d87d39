/** One thing that is wrong with a configuration. */
export type ConfigurationFault = {
  /** Where, such as `Routes.orders.Match.Path`. */
  path: string
  reason: string
  /** What to do about it. */
  mend: string
}

/** The fault in one line. */
export function describeFault({ path, reason, mend }: ConfigurationFault): string {
  return `${path} ${reason}. ${mend}${/[.?]$/.test(mend) ? '' : '.'}`
}

/** The configuration is wrong. The message lists every fault, one a line. */
export class ProxyConfigurationError extends Error {
  override readonly name = 'ProxyConfigurationError'
  readonly code = 'proxy-configuration-invalid'
  readonly faults: readonly ConfigurationFault[]

  constructor(faults: readonly ConfigurationFault[]) {
    const lines = faults.map((fault) => `  ${describeFault(fault)}`)
    super(`The proxy configuration has ${faults.length} fault(s):\n${lines.join('\n')}`)
    this.faults = faults
  }
}
