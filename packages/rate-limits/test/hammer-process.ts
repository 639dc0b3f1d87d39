import { createRateLimiter } from '#src/index.ts'

// A gateway of its own, as a process: takes as often as it is told to, all at once, and prints how many were admitted.
// Arguments: URL of Redis, limit as JSON, key, how many takes.

const [redisUrl, limit, key, times] = process.argv.slice(2) as [string, string, string, string]
const { take, ready, close } = createRateLimiter({
  redisUrl,
  commandTimeoutMilliseconds: 20_000,
  onOutage: 'closed',
  log: { info() {}, warn() {} },
})
await ready()
const parsed = JSON.parse(limit)
const decisions = await Promise.all(Array.from({ length: Number(times) }, () => take(parsed, key)))
console.log(decisions.filter(({ allowed }) => allowed).length)
close()
