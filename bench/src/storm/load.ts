import { createHash, randomBytes, randomUUID } from 'node:crypto'
import { Agent, type IncomingMessage, request as send } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'

/** What became of the requests. */
export type Tally = {
  right: number
  /** The gateway or a service said that it cannot: a clear answer, with a status. */
  refused: number
  /** The connection broke before the answer was whole. */
  lost: number
  /** An answer to something else, or of something else than was sent. Must be 0. */
  wrong: number
  /** When the last request was refused or lost, by `performance.now()`. */
  lastFailure: number
}

const readers = 48
const sizes = [0, 10, 2000, 90_000]

/** People who ask, change and wait, each answer held against its request, until they are told to stop. */
export function startLoad(url: string, token: () => string) {
  const tally: Tally = { right: 0, refused: 0, lost: 0, wrong: 0, lastFailure: 0 }
  const agent = new Agent({ keepAlive: true, maxSockets: readers })
  let goesOn = true

  async function person(number: number): Promise<void> {
    const method = ['GET', 'GET', 'PUT', 'POST'][number % 4] as string
    while (goesOn) {
      const body =
        method === 'GET'
          ? Buffer.alloc(0)
          : randomBytes(sizes[Math.floor(Math.random() * sizes.length)] as number)
      count(await ask(url, { agent, method, body, token: token(), leaves: Math.random() < 0.01 }))
      await sleep(Math.random() * 10)
    }
  }

  function count(outcome: Outcome): void {
    if (outcome === 'left') return
    tally[outcome]++
    if (outcome !== 'right') tally.lastFailure = performance.now()
  }

  const people = Array.from({ length: readers }, (_, number) => person(number))
  return {
    tally,
    async stop() {
      goesOn = false
      await Promise.all(people)
      agent.destroy()
    },
  }
}

type Outcome = 'right' | 'refused' | 'lost' | 'wrong' | 'left'
type Ask = { agent: Agent; method: string; body: Buffer; token: string; leaves: boolean }

async function ask(url: string, { agent, method, body, token, leaves }: Ask): Promise<Outcome> {
  const id = randomUUID()
  const headers = {
    authorization: `Bearer ${token}`,
    'x-id': id,
    ...(body.length > 0 && { 'content-length': body.length }),
  }
  const { promise, resolve } = Promise.withResolvers<Outcome>()
  const request = send(url, { agent, method, headers }, (response) => void judge(response).then(resolve))
  request.on('error', () => resolve(leaves ? 'left' : 'lost'))
  request.end(body)
  if (leaves) setTimeout(() => request.destroy(), Math.random() * 5)
  return promise

  async function judge(response: IncomingMessage): Promise<Outcome> {
    const chunks: Buffer[] = []
    try {
      for await (const chunk of response) chunks.push(chunk)
    } catch {
      return leaves ? 'left' : 'lost'
    }
    if (response.statusCode !== 200) return (response.statusCode ?? 0) >= 400 ? 'refused' : 'wrong'
    const digest = createHash('sha256').update(body).digest('hex')
    return Buffer.concat(chunks).toString() === JSON.stringify({ id, digest }) ? 'right' : 'wrong'
  }
}
