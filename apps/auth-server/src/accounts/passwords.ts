import { argon2, randomBytes, timingSafeEqual } from 'node:crypto'
import { isDeepStrictEqual, promisify } from 'node:util'

const derive = promisify(argon2)

/** OWASP's first recommendation for argon2id: 19 MiB, two passes, one lane. Kept in each hash, so they can be raised later. */
const current = { memory: 19_456, passes: 2, parallelism: 1 }
const tagLength = 32

/** How many passwords are hashed at once, and how many may wait: hashing shares Node's four threads with signing. */
const maximumRunning = 2
const maximumWaiting = 50

/** Too many sign-ins at once: answer 503 and let the client come back. */
export class HashingBusyError extends Error {
  readonly code = 'hashing-busy'
}

/** Hashes passwords with argon2id and checks them. */
export type Passwords = {
  /** A PHC string: algorithm, parameters, salt and hash. @throws {HashingBusyError} */
  hash(password: string): Promise<string>
  /** Whether it is the password of `stored`; for an unknown account (`undefined`) it takes the same time and says no. @throws {HashingBusyError} */
  verify(password: string, stored: string | undefined): Promise<boolean>
  /** Whether it was hashed with other parameters than those of today. */
  isOutdated(stored: string): boolean
}

type Parameters = typeof current

/** Hashing with a bounded queue: it never takes more than two of Node's threads. */
export function createPasswords(): Passwords {
  const inTurn = createTurns()
  const tag = (password: string, nonce: Buffer, { memory, passes, parallelism }: Parameters) =>
    inTurn(() =>
      derive('argon2id', {
        message: password.normalize('NFKC'),
        nonce,
        memory,
        passes,
        parallelism,
        tagLength,
      }),
    )
  const nobody = format(randomBytes(16), randomBytes(tagLength), current)
  return {
    async hash(password) {
      const nonce = randomBytes(16)
      return format(nonce, await tag(password, nonce, current), current)
    },
    async verify(password, stored) {
      const { nonce, hash, parameters } = parse(stored ?? nobody)
      const same = timingSafeEqual(await tag(password, nonce, parameters), hash)
      return same && stored !== undefined
    },
    isOutdated: (stored) => !isDeepStrictEqual(parse(stored).parameters, current),
  }
}

function format(nonce: Buffer, hash: Buffer, { memory, passes, parallelism }: Parameters): string {
  const encode = (bytes: Buffer) => bytes.toString('base64').replace(/=+$/, '')
  return `$argon2id$v=19$m=${memory},t=${passes},p=${parallelism}$${encode(nonce)}$${encode(hash)}`
}

function parse(stored: string): { nonce: Buffer; hash: Buffer; parameters: Parameters } {
  const match = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$([^$]+)\$([^$]+)$/.exec(stored)
  if (!match) throw new TypeError('A stored password hash is not an argon2id PHC string')
  const [memory, passes, parallelism] = match.slice(1, 4).map(Number) as [number, number, number]
  return {
    nonce: Buffer.from(match[4] as string, 'base64'),
    hash: Buffer.from(match[5] as string, 'base64'),
    parameters: { memory, passes, parallelism },
  }
}

function createTurns() {
  let running = 0
  const waiting: (() => void)[] = []
  return async <Result>(work: () => Promise<Result>): Promise<Result> => {
    if (running < maximumRunning) running++
    else {
      if (waiting.length >= maximumWaiting) throw new HashingBusyError('Too many passwords are being checked')
      await new Promise<void>((resolve) => waiting.push(resolve))
    }
    try {
      return await work()
    } finally {
      // The turn goes to whoever waits longest, without a moment in which somebody else could take it too.
      const next = waiting.shift()
      if (next) next()
      else running--
    }
  }
}
