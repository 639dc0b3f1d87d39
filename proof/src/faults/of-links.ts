import { setTimeout as sleep } from 'node:timers/promises'
import { between, oneOf, type Random } from '../random.ts'
import { type Link, together } from '../world/links.ts'
import type { ServiceProcess } from '../world/service-process.ts'
import { type Fault, fault } from './fault.ts'

const onLink = (
  name: string,
  linkOf: (service: ServiceProcess, random: Random) => Link,
  hurt: (link: Link) => void,
): Fault =>
  fault(name, async ({ services }, random) => {
    const link = linkOf(oneOf(random, services), random)
    hurt(link)
    await sleep(between(random, 300, 4000))
    link.resume()
  })

const toRedis = ({ redisLinks }: ServiceProcess) => together(redisLinks)
const toOneServer = ({ redisLinks }: ServiceProcess, random: Random) => oneOf(random, redisLinks)
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

/** The same between one process and one of several servers of Redis. */
export const oneServerLinkFaults: readonly Fault[] = [
  onLink('a process is cut off from one server of Redis', toOneServer, (link) => link.cut()),
  onLink('a link to one server of Redis is half open', toOneServer, (link) => link.freeze()),
  onLink('a link to one server of Redis is slow', toOneServer, (link) => link.delay(200)),
]
