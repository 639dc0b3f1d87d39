import { execFileSync } from 'node:child_process'

/** The core of what is measured, and the core of everything else: neither takes time from the other. */
export const cores = { subject: 0, others: 1 }

/** Keeps a process, with all its threads, on one core. */
export function pin(pid: number, core: number): void {
  execFileSync('taskset', ['-acp', String(core), String(pid)], { stdio: 'ignore' })
}
