import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { freePort } from '@alicerce/testing'

/** One service process, always on the same port. */
export type Service = {
  readonly address: string
  /** Makes it fail so from now on. */
  fail(fault: string): void
  freeze(): void
  thaw(): void
  kill(): Promise<void>
  start(): Promise<void>
  /** How many requests that change something it has carried out more than once. */
  executedTwice(): Promise<number>
  stop(): Promise<void>
}

/** Starts a service. What it knew dies with it when it is killed. */
export async function startService(): Promise<Service> {
  const port = await freePort()
  let child: ChildProcess
  async function start(): Promise<void> {
    const script = join(import.meta.dirname, 'service.ts')
    child = fork(script, {
      env: { PATH: process.env.PATH, PORT: String(port) },
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    })
    await once(child, 'message')
  }
  async function end(signal: NodeJS.Signals): Promise<void> {
    if (child.exitCode !== null || child.signalCode !== null) return
    const exited = once(child, 'exit')
    child.kill(signal)
    await exited
  }
  await start()
  return {
    address: `http://127.0.0.1:${port}/`,
    fail: (fault) => void child.send({ fault }),
    freeze: () => void child.kill('SIGSTOP'),
    thaw: () => void child.kill('SIGCONT'),
    kill: () => end('SIGKILL'),
    start,
    async executedTwice() {
      const answer = once(child, 'message')
      child.send({ report: true })
      const [{ twice }] = (await answer) as [{ twice: number }]
      return twice
    },
    async stop() {
      child.kill('SIGCONT')
      await end('SIGTERM')
    },
  }
}
