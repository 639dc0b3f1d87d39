import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { until } from '@alicerce/testing'
import { afterEach, expect, test } from 'vitest'
import { closeAll, closing } from '../fixtures.ts'
import { minuteOf, type Ports } from './mix.ts'
import { startService } from './service.ts'

afterEach(closeAll)

/** A proxy as a process of its own. */
async function startProcess(address: string) {
  const script = fileURLToPath(new URL('proxy-process.ts', import.meta.url))
  const child = fork(script, [address], {
    execArgv: ['--expose-gc'],
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  })
  closing.push(() => child.kill('SIGKILL'))
  let printed = ''
  child.stderr?.on('data', (chunk) => (printed += chunk))
  const answer = async () => ((await once(child, 'message'))[0] as { answer: unknown }).answer
  const ask = (message: string) => {
    const answered = answer()
    child.send(message)
    return answered
  }
  return {
    ...{ child, ports: (await answer()) as Ports },
    printed: () => printed,
    count: async () => (await ask('count')) as Record<string, number>,
    reload: () => ask('reload'),
  }
}

const minutes = 60
const atOnce = 4

test('GW-59 after an hour’s mix of good and bad clients and services no socket, stream or timer is left', async () => {
  const service = await startService()
  closing.push(() => service.close())
  const proxy = await startProcess(service.address)
  // The first probes have been answered, and their connections are closed.
  const before = await until(async () => {
    const counts = await proxy.count()
    return counts.TCPWRAP === undefined && counts
  })
  for (let minute = 0; minute < minutes; minute += atOnce) {
    await Promise.all(Array.from({ length: atOnce }, () => minuteOf(proxy.ports)))
    await proxy.reload()
  }
  await until(
    async () => {
      expect(await proxy.count()).toEqual(before)
      return true
    },
    { timeoutMilliseconds: 30_000 },
  )
  expect(await service.connections()).toBe(0)
  expect(proxy.printed(), 'nothing has failed that should not').toBe('')
  proxy.child.send('close')
  const [code] = await once(proxy.child, 'exit')
  expect(code, 'it ends by itself').toBe(0)
}, 240_000)
