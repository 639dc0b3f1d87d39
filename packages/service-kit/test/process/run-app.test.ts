import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { expect, test } from 'vitest'

const kit = new URL('../../src/process/run-app.ts', import.meta.url)
const errors = new URL('../../src/config/config-error.ts', import.meta.url)

/** Runs an app whose start is `body`, and sends it the signals once it says that it is up. */
async function run(body: string, signals: NodeJS.Signals[] = []) {
  const script = `import { runApp } from '${kit}'; import { ConfigError } from '${errors}'
    await runApp('orders', async () => { ${body} }); console.log('up'); setInterval(() => {}, 1000)`
  const child = spawn(process.execPath, ['--input-type=module-typescript', '-e', script], { stdio: 'pipe' })
  const [output, error] = [text(child.stdout), text(child.stderr)]
  if (signals.length > 0) {
    await once(child.stdout, 'data')
    for (const signal of signals) {
      child.kill(signal)
      await new Promise((resolve) => setTimeout(resolve, 200))
    }
  }
  const [code] = child.exitCode === null ? await once(child, 'exit') : [child.exitCode]
  return { code, output: await output, error: await error }
}

test('SV-35 SIGTERM closes the app and ends with 0', async () => {
  const { code, output } = await run("return { close: async () => console.log('closed') }", ['SIGTERM'])
  expect(code).toBe(0)
  expect(output).toContain('closed')
})

test('a second signal ends at once', async () => {
  const { code } = await run('return { close: () => new Promise(() => {}) }', ['SIGTERM', 'SIGTERM'])
  expect(code).toBe(143)
})

test('SV-36 a wrong configuration ends with 78 and its list of faults, without a stack', async () => {
  const fault = "{ variable: 'PORT', reason: 'is missing', mend: 'Set it' }"
  const { code, error } = await run(`throw new ConfigError([${fault}])`)
  expect(code).toBe(78)
  expect(error).toContain('PORT is missing. Set it')
  expect(error).not.toContain('at ')
})

test('a port in use ends with 1 and one sentence', async () => {
  const failure = "Object.assign(new Error('listen EADDRINUSE'), { code: 'EADDRINUSE', port: 8092 })"
  const { code, error } = await run(`throw ${failure}`)
  expect(code).toBe(1)
  expect(error).toBe(
    'orders does not start: port 8092 is in use. Stop what listens there, or set another port.\n',
  )
})
