import type { RateLimit } from '../rate-limit.ts'

// Each script answers one take by one key, so Redis Cluster needs nothing special, and does what the function of the same algorithm does in
// src/algorithm. The time is that of Redis: no clock of an instance matters. Should that go back, by a failover to another machine, what was
// counted in the future is counted as of now, so that nobody waits for longer than after a take of now; this is why refused takes write too.
// A key vanishes as soon as it says no more than none would.
//
// Key; permits, window in milliseconds, cost, segments or refill. Answer: allowed, remaining, milliseconds to retry after and to reset.

const head = `
local permits, window, cost = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local state = redis.call('GET', KEYS[1])
`

const fixedWindow = `${head}
local used, ends = 0, 0
if state then
  used, ends = string.match(state, '^(%d+) (%d+)$')
  used, ends = tonumber(used), math.min(tonumber(ends), now + window)
end
if ends <= now then used, ends = 0, now + window end
local allowed = used + cost <= permits
if allowed then used = used + cost end
local left = ends - now
redis.call('SET', KEYS[1], string.format('%.0f %.0f', used, ends), 'PX', left)
return {allowed and 1 or 0, permits - used, allowed and 0 or left, left}`

const tokenBucket = `${head}
local refill = tonumber(ARGV[4])
local capacity, missing = permits * window, 0
if state then
  local before, at = string.match(state, '^(%d+) (%d+)$')
  missing = math.max(0, tonumber(before) - math.max(0, now - tonumber(at)) * refill)
end
local wanted = missing + cost * window
local allowed = wanted <= capacity
if allowed then missing = wanted end
local reset = math.ceil(missing / refill)
local retryAfter = allowed and 0 or math.ceil((wanted - capacity) / refill)
redis.call('SET', KEYS[1], string.format('%.0f %.0f', missing, now), 'PX', reset)
return {allowed and 1 or 0, math.floor((capacity - missing) / window), retryAfter, reset}`

const slidingWindow = `${head}
local segments = tonumber(ARGV[4])
local current = math.floor(now * segments / window)
local function leaves(segment) return math.ceil((segment + segments + 1) * window / segments) - now end
local counting, used = {}, 0
local function add(segment, count)
  local last = counting[#counting]
  if last and last[1] == segment then last[2] = last[2] + count else counting[#counting + 1] = {segment, count} end
  used = used + count
end
for segment, count in string.gmatch(state or '', '(%d+) (%d+)') do
  segment = math.min(tonumber(segment), current)
  if segment >= current - segments then add(segment, tonumber(count)) end
end
local allowed, retryAfter = used + cost <= permits, 0
if allowed then
  add(current, cost)
else
  local freed, index = 0, 0
  repeat
    index = index + 1
    freed = freed + counting[index][2]
  until freed >= used + cost - permits
  retryAfter = leaves(counting[index][1])
end
local parts = {}
for index, each in ipairs(counting) do parts[index] = string.format('%.0f %.0f', each[1], each[2]) end
local reset = leaves(counting[#counting][1])
redis.call('SET', KEYS[1], table.concat(parts, ' '), 'PX', reset)
return {allowed and 1 or 0, permits - used, retryAfter, reset}`

/** A script by the algorithm that it answers for. */
export const scripts: Record<RateLimit['algorithm'], string> = {
  'fixed-window': fixedWindow,
  'sliding-window': slidingWindow,
  'token-bucket': tokenBucket,
}
