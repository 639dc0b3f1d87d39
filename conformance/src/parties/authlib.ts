import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { hasDebianParty } from './debian.ts'

const script = fileURLToPath(new URL('authlib_client.py', import.meta.url))

/** Whether the Python of Debian, and Authlib for it, are there. */
export const hasAuthlib = () =>
  hasDebianParty('Authlib', '/usr/lib/python3/dist-packages/authlib/__init__.py')

/** Starts a relying party made of Authlib. Each call is one step of authlib_client.py. */
export function startAuthlib(options: {
  issuer: string
  client_id: string
  client_secret: string
  redirect_uri: string
}) {
  const child = spawn('/usr/bin/python3', [script], { stdio: ['pipe', 'pipe', 'inherit'] })
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]()
  const send = (value: unknown) => child.stdin.write(`${JSON.stringify(value)}\n`)
  send(options)
  return {
    // biome-ignore lint/suspicious/noExplicitAny: the tests say what they expect of an answer
    async step(name: string, ...values: unknown[]): Promise<any> {
      send([name, values])
      const { value, done } = await lines.next()
      if (done) throw new Error(`Authlib ended at ${name}: its error is above`)
      return JSON.parse(value)
    },
    async stop(): Promise<void> {
      if (child.exitCode !== null) return
      child.stdin.end()
      await once(child, 'exit')
    },
  }
}
