import { ConfigError } from '#src/config/config-error.ts'
import type { RunningApp } from './running-app.ts'

const exitCodes = { config: 78, failure: 1 }

/** The most time that a graceful stop may take. */
const stopMilliseconds = 30_000

/**
 * Runs one app as a process: starts it, stops it gracefully at SIGTERM and SIGINT (a second signal ends at once), and ends with exit
 * code 0 then, 78 when the configuration is wrong, 1 when anything else failed. What went wrong is said in a sentence on standard
 * error; a stack trace is shown for faults of ours only.
 */
export async function runApp(name: string, start: () => Promise<Pick<RunningApp, 'close'>>): Promise<void> {
  const starting = Promise.try(start)
  let stopping = false
  async function stop(signal: NodeJS.Signals): Promise<void> {
    if (stopping) process.exit(signal === 'SIGINT' ? 130 : 143)
    stopping = true
    setTimeout(
      () => fail(`${name} could not stop within ${stopMilliseconds / 1000} s`),
      stopMilliseconds,
    ).unref()
    try {
      await (await starting).close()
      process.exit(0)
    } catch (error) {
      fail(describe(name, 'could not stop', error))
    }
  }
  process.on('SIGTERM', stop)
  process.on('SIGINT', stop)
  try {
    await starting
  } catch (error) {
    if (error instanceof ConfigError) fail(`${name} does not start. ${error.message}`, exitCodes.config)
    fail(describe(name, 'does not start', error))
  }
}

function fail(message: string, code: number = exitCodes.failure): never {
  process.stderr.write(`${message}\n`)
  process.exit(code)
}

/** An error with a code is one that somebody foresaw: its message is enough. Anything else is a fault of ours. */
export function describe(name: string, what: string, error: unknown): string {
  if (!(error instanceof Error)) return `${name} ${what}: ${String(error)}`
  const { code } = error as { code?: unknown }
  if (code === 'EADDRINUSE') {
    const { port } = error as { port?: number }
    return `${name} ${what}: port ${port ?? '?'} is in use. Stop what listens there, or set another port.`
  }
  if (typeof code === 'string' && !(error instanceof TypeError))
    return `${name} ${what}: ${error.message || code}`
  return `${name} ${what}: ${error.stack ?? error.message}`
}
