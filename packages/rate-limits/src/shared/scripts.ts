import type { RateLimit } from '../rate-limit.ts'

// Each script answers one take by one key, so Redis Cluster needs nothing special, and does what the function of the same algorithm does in
// src/algorithm. The time is that of Redis: no clock of an instance matters. Should that go back, by a failover to another machine, nobody
// waits for longer than after a take of now. A key vanishes as soon as it says no more than none would.
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
if used + cost > permits then return {0, permits - used, ends - now, ends - now} end
used = used + cost
redis.call('SET', KEYS[1], string.format('%.0f %.0f', used, ends), 'PX', ends - now)
return {1, permits - used, 0, ends - now}`

const tokenBucket = `${head}
local refill = tonumber(ARGV[4])
local capacity, missing = permits * window, 0
if state then
  local before, at = string.match(state, '^(%d+) (%d+)$')
  missing = math.max(0, tonumber(before) - math.max(0, now - tonumber(at)) * refill)
end
local wanted = missing + cost * window
if wanted > capacity then
  return {0, math.floor((capacity - missing) / window), math.ceil((wanted - capacity) / refill), math.ceil(missing / refill)}
end
local reset = math.ceil(wanted / refill)
redis.call('SET', KEYS[1], string.format('%.0f %.0f', wanted, now), 'PX', reset)
return {1, math.floor((capacity - wanted) / window), 0, reset}`

// A segment of the future, left by a clock that went back, counts as one of now.
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
if used + cost > permits then
  local freed, index = 0, 0
  repeat
    index = index + 1
    freed = freed + counting[index][2]
  until freed >= used + cost - permits
  return {0, permits - used, leaves(counting[index][1]), leaves(counting[#counting][1])}
end
add(current, cost)
local parts = {}
for index, each in ipairs(counting) do parts[index] = string.format('%.0f %.0f', each[1], each[2]) end
redis.call('SET', KEYS[1], table.concat(parts, ' '), 'PX', leaves(current))
return {1, permits - used, 0, leaves(current)}`

/** A script by the algorithm that it answers for. */
export const scripts: Record<RateLimit['algorithm'], string> = {
  'fixed-window': fixedWindow,
  'sliding-window': slidingWindow,
  'token-bucket': tokenBucket,
}
