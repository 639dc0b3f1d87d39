import { resolve } from 'node:path'
import { parseArgs } from 'node:util'

/** What the person asked for on the command line. */
export type Options = { port: number; dataFolder: string; reset: boolean; watch: boolean; help: boolean }

/** The gateway's port where none is asked for. */
export const defaultPort = 8080
/** The farthest port we open lies this far above the gateway's (the admin ports). */
const portSpan = 1012

export const usage = `Usage: npm start [-- options]

Runs the whole platform on this machine: PostgreSQL, Redis where one is installed, every app.
Data is kept and is there again at the next start.

Options
  --port P   the web app's port (default ${defaultPort}); every other port moves with it
  --data F   the folder that keeps the data (default .alicerce)
  --reset    throw all data away first: accounts, orders, keys
  --help     this text

npm run dev does the same and reloads what you change.`

/** The command line cannot be read; the message says what to write instead. */
export class UsageError extends Error {
  readonly code = 'usage'
}

/**
 * Reads the command line (without node and script).
 * @throws {UsageError} for an option that does not exist or a port that cannot be
 */
export function readOptions(args: string[], defaultDataFolder: string): Options {
  const { port, data, ...flags } = parse(args)
  const number = Number(port)
  if (!Number.isInteger(number) || number < 1024 || number + portSpan > 65_535)
    throw new UsageError(`--port ${port}: give a whole number from 1024 to ${65_535 - portSpan}.`)
  return { port: number, dataFolder: resolve(data ?? defaultDataFolder), ...flags }
}

function parse(args: string[]) {
  try {
    const { values } = parseArgs({
      args,
      options: {
        port: { type: 'string', default: String(defaultPort) },
        data: { type: 'string' },
        reset: { type: 'boolean', default: false },
        watch: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    })
    return values
  } catch (error) {
    throw new UsageError(`${(error as Error).message} npm start -- --help lists the options.`)
  }
}
