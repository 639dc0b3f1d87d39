import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import colours from 'picocolors'
import { readOptions, UsageError, usage } from './options.ts'
import { runPlatform } from './start.ts'

// The process of `npm start`: reads the command line, runs the platform, and stops it on Ctrl-C. Faults that a person can mend are
// told in a sentence; only what nobody foresaw shows its stack.

const projectFolder = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '')
const stopped = new AbortController()

process.on('SIGINT', askToStop)
process.on('SIGTERM', askToStop)

try {
  const options = readOptions(process.argv.slice(2), join(projectFolder, '.alicerce'))
  if (options.help) console.log(usage)
  else await runPlatform({ ...options, projectFolder, stopped: stopped.signal })
} catch (error) {
  tell(error)
  process.exitCode = error instanceof UsageError ? 2 : 1
}

function askToStop(): void {
  if (stopped.signal.aborted) process.exit(130) // asked twice: at once
  stopped.abort()
}

function tell(error: unknown): void {
  if (stopped.signal.aborted) return
  const foreseen = error instanceof Error && 'code' in error && !('syscall' in error)
  console.error(`\n${colours.red('Alicerce did not start.')} ${foreseen ? (error as Error).message : ''}\n`)
  if (!foreseen) console.error(error)
}
