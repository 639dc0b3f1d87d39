import { readdirSync, readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'

const cleanUps: (() => Promise<void>)[] = []
const [cleanUpMilliseconds, endMilliseconds, pauseMilliseconds] = [5000, 2000, 20]

/** Is done before the benchmark ends by a signal. */
export const beforeStopping = (cleanUp: () => Promise<void>): void => void cleanUps.push(cleanUp)

/** At SIGINT and SIGTERM, nothing that was started outlives the benchmark: also not what is still starting, and what others have started for it. */
export function stopWhenToldTo(): void {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void stop())
}

async function stop(): Promise<void> {
  const cleaned = Promise.allSettled(cleanUps.map((cleanUp) => cleanUp()))
  await Promise.race([cleaned, sleep(cleanUpMilliseconds)])
  for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
    const until = performance.now() + endMilliseconds
    for (const told = new Set<number>(); performance.now() < until; await sleep(pauseMilliseconds)) {
      const left = descendantsOf(process.pid)
      if (left.length === 0) break
      for (const pid of left) {
        if (told.has(pid)) continue
        told.add(pid)
        end(pid, signal)
      }
    }
  }
  process.exit(1)
}

/** The processes that a process has started, and those that they have. */
function descendantsOf(pid: number): number[] {
  const children = tasksOf(pid).flatMap((task) => {
    const text = textOf(`/proc/${pid}/task/${task}/children`)
    return text.split(' ').filter(Boolean).map(Number)
  })
  return children.flatMap((child) => [child, ...descendantsOf(child)])
}

function tasksOf(pid: number): string[] {
  try {
    return readdirSync(`/proc/${pid}/task`)
  } catch {
    return []
  }
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}

function end(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal)
  } catch {
    // It has ended by itself.
  }
}
