import { setTimeout as sleep } from 'node:timers/promises'
import type { Service } from './services.ts'

/** Something that goes wrong for a while, and then not any more. */
export type Fault = { name: string; run(milliseconds: number): Promise<void> }

/** What can happen to the services and to what is around the gateway. */
export function faultsOf(
  services: readonly Service[],
  around: { rotateKeys(): Promise<void>; killRedis(milliseconds: number): Promise<void> },
): Fault[] {
  const any = () => services[Math.floor(Math.random() * services.length)] as Service
  const failing = (name: string, fault: string): Fault => ({
    name,
    async run(milliseconds) {
      const service = any()
      service.fail(fault)
      await sleep(milliseconds)
      service.fail('none')
    },
  })
  return [
    failing('answers garbage', 'garbage'),
    failing('answers by half', 'half'),
    failing('answers slowly', 'slow'),
    failing('resets connections', 'reset'),
    failing('says that it is busy', 'busy'),
    {
      name: 'is killed',
      async run(milliseconds) {
        const service = any()
        await service.kill()
        await sleep(milliseconds)
        await service.start()
      },
    },
    {
      name: 'stands still',
      async run(milliseconds) {
        const service = any()
        service.freeze()
        await sleep(milliseconds)
        service.thaw()
      },
    },
    { name: 'keys rotate', run: () => around.rotateKeys() },
    { name: 'Redis is killed', run: (milliseconds) => around.killRedis(milliseconds) },
  ]
}
