import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, test } from 'vitest'

// `npm start` as a person meets it: a process that is started, killed, started again and stopped. One data folder for all of it.

const main = fileURLToPath(new URL('../src/main.ts', import.meta.url))
const dataFolder = mkdtempSync(join(tmpdir(), 'platform-'))
// Below those that other tests pick.
const port = 18_000
const patience = 120_000
const running = new Set<ChildProcess>()

afterAll(async () => {
  for (const child of running) await kill(child, 'SIGKILL')
  rmSync(dataFolder, { recursive: true, force: true })
})

type Run = { child: ChildProcess; output(): string; ended: Promise<number | null> }

function start(...args: string[]): Run {
  const child = spawn('node', [main, '--data', dataFolder, ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
  running.add(child)
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (text) => (output += text))
  const ended = once(child, 'close').then(([code]) => {
    running.delete(child)
    return code as number | null
  })
  return { child, output: () => output, ended }
}

async function kill(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  const closed = once(child, 'close')
  child.kill(signal)
  await closed
}

/** Resolves when the table is printed; rejects with what was printed when the process ends before. */
async function started(...args: string[]): Promise<Run> {
  const run = start('--port', String(port), ...args)
  const isUp = () => run.output().includes('Ctrl-C stops everything')
  while (!isUp()) {
    const ended = await Promise.race([
      run.ended.then(() => true),
      new Promise((resolve) => setTimeout(resolve, 50)),
    ])
    if (ended === true && !isUp()) throw new Error(`It ended before it was up:\n${run.output()}`)
  }
  return run
}

const status = (path: string) => fetch(`http://localhost:${port}${path}`).then((response) => response.status)

test(
  'it starts, refuses a second start, survives a kill, and stops with everything it started',
  async () => {
    const first = await started('--reset')
    expect(first.output()).toContain(`http://localhost:${port}`)
    expect(first.output()).toContain('customer@alicerce.test')
    expect(await status('/')).toBe(200)
    expect(await status('/api/catalogue/products')).toBe(200)

    const second = start('--port', String(port))
    expect(await second.ended).toBe(1)
    expect(second.output()).toMatch(/already runs from this folder \(process \d+\)/)
    expect(second.output(), 'no stack trace').not.toMatch(/^\s+at /m)

    await kill(first.child, 'SIGKILL')
    const again = await started()
    expect(await status('/api/catalogue/products')).toBe(200)

    again.child.kill('SIGINT')
    expect(await again.ended).toBe(0)
    expect(again.output()).toContain('Stopped')
    await expect(status('/')).rejects.toThrow()
  },
  patience,
)

test(
  'a port that another program has is named before anything is started',
  async () => {
    const other = createServer().listen(port + 1, '127.0.0.1')
    await once(other, 'listening')
    const run = start('--port', String(port))
    expect(await run.ended).toBe(1)
    expect(run.output()).toMatch(new RegExp(`Port ${port + 1} is used by another program.*--port`))
    expect(run.output()).not.toContain('PostgreSQL')
    other.close()
  },
  patience,
)
