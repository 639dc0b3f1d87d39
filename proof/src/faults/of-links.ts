import { setTimeout as sleep } from 'node:timers/promises'
import type { FaultProxy } from '@alicerce/testing'
import { between, oneOf } from '../random.ts'
import type { ServiceProcess } from '../world/service-process.ts'
import { type Fault, fault } from './fault.ts'

const onLink = (
  name: string,
  linkOf: (service: ServiceProcess) => FaultProxy,
  hurt: (link: FaultProxy) => void,
): Fault =>
  fault(name, async ({ services }, random) => {
    const link = linkOf(oneOf(random, services))
    hurt(link)
    await sleep(between(random, 300, 4000))
    link.resume()
  })

const toRedis = ({ redisLink }: ServiceProcess) => redisLink
const toDatabase = ({ databaseLink }: ServiceProcess) => databaseLink

/** What happens between one process and Redis or PostgreSQL, while all others go on. */
export const linkFaults: readonly Fault[] = [
  onLink('a process is cut off from Redis', toRedis, (link) => link.cut()),
  // What was sent arrives when the link is mended: long after it was given up.
  onLink('a link to Redis is half open', toRedis, (link) => link.freeze()),
  onLink('a link to Redis is slow', toRedis, (link) => link.delay(200)),
  onLink('a process is cut off from PostgreSQL', toDatabase, (link) => link.cut()),
  onLink('a link to PostgreSQL is half open', toDatabase, (link) => link.freeze()),
]
