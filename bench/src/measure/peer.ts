import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'

/** A process of the benchmark's own. */
export type Peer = {
  pid: number
  /** From the start of the process until it was ready. */
  startMilliseconds: number
  /** Sends a message and waits for the answer. */
  ask(message: number): Promise<void>
  stop(): Promise<void>
}

/** Starts a script, given by its path, and waits for its first word. @throws where it ends before */
export const startPeer = (script: string, ...args: string[]): Promise<Peer> =>
  startPeerWith({ NODE_ENV: 'production' }, script, ...args)

/** The same with variables of the environment. */
export async function startPeerWith(
  variables: Record<string, string>,
  script: string,
  ...args: string[]
): Promise<Peer> {
  const startedAt = performance.now()
  const options = { env: { PATH: process.env.PATH, ...variables }, silent: true }
  const child = fork(script, args, options)
  let errors = ''
  child.stderr?.on('data', (text) => {
    errors += text
  })
  await answer(child, () => `${script} ended: ${errors}`)
  return {
    pid: child.pid as number,
    startMilliseconds: performance.now() - startedAt,
    async ask(message) {
      const answered = answer(child, () => `${script} ended: ${errors}`)
      child.send(message)
      await answered
    },
    async stop() {
      child.kill()
      await once(child, 'exit')
    },
  }
}

async function answer(child: ChildProcess, reason: () => string): Promise<void> {
  const ending = new AbortController()
  const { signal } = ending
  try {
    await Promise.race([
      once(child, 'message', { signal }),
      once(child, 'exit', { signal }).then(() => Promise.reject(new Error(reason()))),
    ])
  } finally {
    ending.abort()
  }
}
