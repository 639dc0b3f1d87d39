import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import type { Duplex } from 'node:stream'
import { expect, onTestFinished, test } from 'vitest'
import { bounded } from '#src/bounded.ts'
import { createHold } from '#src/world/hold.ts'

const points = join(import.meta.dirname, '../src/service/points.ts')

/** A process that comes to its point when it reads a line, and ends with 0 behind it. */
function startProcess() {
  const script = `
    import { createPoints } from ${JSON.stringify(points)}
    const points = createPoints()
    points.arm('committed')
    process.stdin.once('data', () => { points.pass('committed'); process.exit(0) })`
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['pipe', 'inherit', 'inherit', 'ignore', 'pipe'],
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  const ended = once(child, 'exit').then(([code]) => code)
  return { child, ended, come: () => child.stdin?.write('\n'), hold: createHold(child.stdio[4] as Duplex) }
}

test('a process that comes to its point when nobody waits there any more goes on by itself', async () => {
  const { hold, come, ended } = startProcess()
  expect(await hold.stands(1)).toBe(false)
  come()
  expect(await ended).toBe(0)
})

test('a process stands at its point, stopped or not, until it is let go', async () => {
  const { child, hold, come, ended } = startProcess()
  come()
  expect(await hold.stands(20_000)).toBe(true)
  child.kill('SIGSTOP')
  child.kill('SIGCONT')
  hold.letGo()
  expect(await ended).toBe(0)
})

test('a wait that is in vain ends with an error that names what was waited for', async () => {
  const never = bounded(1, 'a process to say something', new Promise(() => {}))
  await expect(never).rejects.toThrow('Waited 0.001 s in vain for this: a process to say something.')
})
