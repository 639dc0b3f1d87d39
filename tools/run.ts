import { spawn, spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/** The project's root folder, without a slash at its end. */
export const root = fileURLToPath(new URL('..', import.meta.url)).replace(/\/$/, '')

/** Runs a program in the project's root with our output; resolves with its exit code (127: it could not be started). */
export function run(command: string, args: string[], env: NodeJS.ProcessEnv = process.env): Promise<number> {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd: root, env, stdio: 'inherit' })
    // Ctrl-C reaches the child too, through the terminal: wait for it to clean up before we go.
    const wait = () => {}
    process.on('SIGINT', wait)
    const settle = (code: number) => {
      process.off('SIGINT', wait)
      resolve(code)
    }
    child.once('error', () => settle(127))
    child.once('close', (code) => settle(code ?? 1))
  })
}

/** Where a program stands on PATH, or undefined. */
export function findProgram(...names: string[]): string | undefined {
  for (const name of names) {
    const found = spawnSync('sh', ['-c', `command -v ${name}`], { encoding: 'utf8' })
    if (found.status === 0) return found.stdout.trim()
  }
  return undefined
}

/** Prints `text` and ends the process when the command line asks for help. */
export function answerHelp(text: string): void {
  if (!process.argv.includes('--help') && !process.argv.includes('-h')) return
  console.log(text)
  process.exit(0)
}
