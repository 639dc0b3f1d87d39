import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'

/** Runs a module that has `log`, and reads what it prints. */
function run(code: string) {
  const source = JSON.stringify(join(import.meta.dirname, '../../src/telemetry/create-log.ts'))
  const program = `const { createLog } = await import(${source}); const log = createLog({ name: 'held' })\n${code}`
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  let text = ''
  child.stdout.on('data', (chunk) => {
    text += chunk
  })
  const messages = () => text.split('\n').flatMap((line) => (line ? [JSON.parse(line).msg] : []))
  return { child, messages }
}

const several = `for (let number = 1; number <= 3; number++) log.info({}, 'line ' + number)\n`
const all = ['line 1', 'line 2', 'line 3']

for (const [end, code] of [
  ['its work ends', ''],
  ['it exits', 'process.exit(3)'],
  ['nobody catches an error', `throw new Error('uncaught')`],
])
  test(`nothing is lost when ${end}`, async () => {
    const { child, messages } = run(several + code)
    await once(child, 'close')
    expect(messages()).toEqual(all)
  })

test('what is held back comes by itself, and a warning brings it at once', async () => {
  const quiet = run(`${several}setInterval(() => {}, 1000)`)
  const { promise, resolve } = Promise.withResolvers<void>()
  quiet.child.stdout.on('data', () => quiet.messages().length === 3 && resolve())
  await promise
  expect(quiet.messages()).toEqual(all)

  // SIGKILL leaves no time for anything: what is there was written before.
  const urgent = run(`${several}log.warn({}, 'urgent'); process.kill(process.pid, 'SIGKILL')`)
  await once(urgent.child, 'close')
  expect(urgent.messages()).toEqual([...all, 'urgent'])
})

test('lines come whole and in order, however many', async () => {
  const { child, messages } = run(
    `for (let number = 0; number < 20000; number++) log.info({}, String(number))`,
  )
  await once(child, 'close')
  expect(messages()).toEqual(Array.from({ length: 20_000 }, (_, number) => String(number)))
})
