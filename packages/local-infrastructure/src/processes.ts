import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'

/**
 * Ends `child` when this process ends, however it ends: SIGKILL runs no handler, but it closes our end of a pipe, and a shell at
 * the other end sees that. Not on Windows, where the next start clears up instead.
 */
export function endWithThisProcess(child: ChildProcess, signal: 'INT' | 'TERM'): void {
  if (process.platform === 'win32') return
  const script = `while read -r _; do :; done; kill -${signal} "$1"`
  const watchdog = spawn('/bin/sh', ['-c', script, 'sh', String(child.pid)], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
    cwd: '/',
  })
  watchdog.unref()
  ;(watchdog.stdin as unknown as { unref(): void }).unref()
  child.once('exit', () => watchdog.kill('SIGKILL'))
}

/** Stops a child with the first signal, and with the second where `patienceMilliseconds` pass without success. */
export async function stopChild(
  child: ChildProcess,
  [first, second]: [NodeJS.Signals, NodeJS.Signals],
  patienceMilliseconds = 10_000,
): Promise<void> {
  if (hasEnded(child)) return
  const ended = new Promise((resolve) => child.once('exit', resolve))
  child.kill(first)
  const impatience = setTimeout(() => child.kill(second), patienceMilliseconds)
  await ended
  clearTimeout(impatience)
}

/** Whether a child has exited or was killed. */
export function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null
}

/** Whether a process with this id lives, whoever owns it. */
export function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/**
 * Whether the process lives and was started with `argument`. Process ids are used again, so a number found in an old file proves
 * nothing by itself.
 */
export async function wasStartedWith(pid: number, argument: string): Promise<boolean> {
  if (!isAlive(pid)) return false
  try {
    return (await commandLineOf(pid)).includes(argument)
  } catch {
    return false
  }
}

/** Stops a process that is not our child, and waits until it is gone. */
export async function stopStranger(
  pid: number,
  [first, second]: [NodeJS.Signals, NodeJS.Signals],
): Promise<void> {
  for (const signal of [first, second]) {
    if (isAlive(pid)) process.kill(pid, signal)
    for (let waited = 0; waited < 10_000 && isAlive(pid); waited += 20) await sleep(20)
  }
}

async function commandLineOf(pid: number): Promise<string> {
  if (process.platform === 'linux')
    return (await readFile(`/proc/${pid}/cmdline`, 'utf8')).replaceAll('\0', ' ')
  return execFileSync('ps', ['-ww', '-o', 'command=', '-p', String(pid)], { encoding: 'utf8' })
}
