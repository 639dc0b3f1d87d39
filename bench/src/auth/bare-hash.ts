// A process of its own: argon2id with the parameters of our server (OWASP's first), two at once as there, and nothing else.
import { argon2, randomBytes } from 'node:crypto'
import { promisify } from 'node:util'

const derive = promisify(argon2)
const parameters = { memory: 19_456, passes: 2, parallelism: 1, tagLength: 32 }
const atOnce = 2

async function hashes(count: number): Promise<void> {
  for (let hash = 0; hash < count; hash++)
    await derive('argon2id', { message: 'alicerce-demo', nonce: randomBytes(16), ...parameters })
}

process.on('message', async (count: number) => {
  await Promise.all(Array.from({ length: atOnce }, () => hashes(count / atOnce)))
  process.send?.('done')
})
process.send?.('ready')
