/** One thing that is wrong with the configuration. It never holds the value of a secret. */
export type ConfigFault = {
  /** Name of the environment variable. */
  variable: string
  /** What is wrong, such as `is missing`. */
  reason: string
  /** What to do about it. */
  mend: string
}

/** The configuration is wrong. The message lists every fault, one a line. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
  readonly code = 'config-invalid'
  readonly faults: readonly ConfigFault[]

  constructor(faults: readonly ConfigFault[]) {
    const lines = faults.map(({ variable, reason, mend }) => `  ${variable} ${reason}. ${mend}`)
    super(`The configuration has ${faults.length} fault(s):\n${lines.join('\n')}`)
    this.faults = faults
  }
}
