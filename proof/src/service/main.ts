import { setTimeout as sleep } from 'node:timers/promises'
import { openReadLog } from '../history/read-log.ts'
import { hostNow } from '../host-clock.ts'
import { between, oneOf, seededRandom } from '../random.ts'
import { createPoints, type Point } from './points.ts'
import type { SubjectOptions } from './subject.ts'
import { type SubjectName, subjects } from './subjects.ts'

// One process of a service: readers and writers of a few things, through the cache on trial. What it reads goes to a file.

/** How to run such a process. */
export type ServiceOptions = Omit<SubjectOptions, 'points'> & {
  subject: SubjectName
  readLog: string
  seed: number
  /** How many things there are, numbered from 0. */
  things: number
  readers: number
  writers: number
}

/** What the parent tells it. */
export type Order =
  /** It waits at the point when it comes to it; at none without one. */
  | { order: 'arm'; point: Point | undefined }
  /** The event loop stands still for so many milliseconds. */
  | { order: 'stall'; milliseconds: number }
  /** Writers end, readers go on. */
  | { order: 'rest' }
  /** Everything ends; then `Finished` is sent. */
  | { order: 'finish' }

/** How much it did. */
export type Tally = {
  writes: number
  failedWrites: number
  failedReads: number
  errors: Record<string, number>
}

const options: ServiceOptions = JSON.parse(process.argv[2] as string)
const random = seededRandom(options.seed)
const points = createPoints()
const log = openReadLog(options.readLog)
const tally: Tally = { writes: 0, failedWrites: 0, failedReads: 0, errors: {} }
let phase: 'work' | 'rest' | 'finish' = 'work'

const subject = await subjects[options.subject]({ ...options, points })

function fail(kind: 'failedReads' | 'failedWrites', error: unknown): void {
  tally[kind]++
  const { code, message } = error as Error & { code?: string }
  const name = code ?? message
  tally.errors[name] = (tally.errors[name] ?? 0) + 1
}

async function readOne(): Promise<void> {
  const thing = Math.floor(random() * options.things)
  const startedAt = hostNow()
  const { version, source } = await subject.read(thing)
  log.record({ thing, version, source, startedAt, endedAt: hostNow() })
}

async function readSome(): Promise<void> {
  const some = Array.from({ length: 4 }, () => Math.floor(random() * options.things))
  const startedAt = hostNow()
  const found = await subject.readMany([...new Set(some)])
  const endedAt = hostNow()
  for (const [thing, { version, source }] of found) log.record({ thing, version, source, startedAt, endedAt })
}

async function readOn(): Promise<void> {
  while (phase !== 'finish') {
    await (random() < 0.9 ? readOne() : readSome()).catch((error) => fail('failedReads', error))
    await sleep(between(random, 0, 6))
  }
}

/** Three things change all the time, one of each class, the others seldom: what goes wrong with those is not mended by the next write. */
const thingToWrite = () => (random() < 0.5 ? oneOf(random, [0, 1, 2]) : Math.floor(random() * options.things))

/** Seldom by tag: that takes a whole group out of the cache, and with it what went wrong with any of it. */
const howToInvalidate = () => (random() < 0.99 ? 'key' : 'tag')

async function writeOn(): Promise<void> {
  while (phase === 'work') {
    await subject.write(thingToWrite(), howToInvalidate()).then(
      () => void tally.writes++,
      (error) => fail('failedWrites', error),
    )
    await sleep(between(random, 0, 250))
  }
}

function stall(milliseconds: number): void {
  const until = performance.now() + milliseconds
  while (performance.now() < until);
}

process.on('message', (message: Order) => {
  if (message.order === 'arm') points.arm(message.point)
  else if (message.order === 'stall') stall(message.milliseconds)
  else phase = message.order
})
process.on('disconnect', () => process.exit(1)) // nobody would end it any more

process.send?.('ready')
const workers = [
  ...Array.from({ length: options.readers }, readOn),
  ...Array.from({ length: options.writers }, writeOn),
]
await Promise.all(workers)
log.flush()
await subject.close()
process.send?.(tally, () => process.disconnect())
process.removeAllListeners('disconnect')
