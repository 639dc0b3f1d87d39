import { createHash } from 'node:crypto'
import { mostForms } from '../../marks/namespace-record.ts'

/** A script that touches one key only, so that Redis Cluster needs nothing special. */
export type Script = { source: string; hash: string }

// Bytes of an entry (entry/entry.ts), from 1 as Lua counts: kind 1, token 2–17, floor 18–25, end 26–38. Leases end by the time of Redis,
// never by the clock of a client. Versions are compared as numbers, in two halves: `<` of Lua on bytes goes by the collation of the process,
// and numbers of Lua are exact up to 2^53 only.
const higher = `
local function higher(one, other)
  local a, b = struct.unpack('>I4I4', one)
  local c, d = struct.unpack('>I4I4', other)
  return a > c or (a == c and b > d)
end`

/**
 * Key; token, lease in milliseconds, id of an entry that is as good as none, or nothing. `{0, bytes}` value found, `{1, floor}` lease
 * granted, `{2, ms}` another holds it. The floor outlives short leases and take-overs.
 */
export const acquireScript = script(`
local current = redis.call('GET', KEYS[1])
local kind = current and string.sub(current, 1, 1)
if kind == 'V' and string.sub(current, 2, 17) ~= ARGV[3] then return {0, current} end
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
if kind == 'L' and string.sub(current, 2, 17) ~= ARGV[1] then
  local left = tonumber(string.sub(current, 26, 38)) - now
  if left > 0 then return {2, left} end
end
local floor, hold = string.rep('\\0', 8), tonumber(ARGV[2])
if kind == 'L' or kind == 'T' then
  floor, hold = string.sub(current, 18, 25), math.max(hold, redis.call('PTTL', KEYS[1]))
end
local lease = 'L' .. ARGV[1] .. floor .. string.format('%013.0f', now + ARGV[2])
redis.call('SET', KEYS[1], lease, 'PX', hold)
return {1, floor}`)

/** Key; token, bytes, milliseconds to live. 1: stored, also where an earlier sending of this attempt did it. */
export const fillScript = script(`${higher}
local head = redis.call('GETRANGE', KEYS[1], 0, 24)
local id = string.sub(head, 1, 17)
if id == 'V' .. ARGV[1] then return 1 end
if id ~= 'L' .. ARGV[1] or higher(string.sub(head, 18), string.sub(ARGV[2], 18, 25)) then return 0 end
redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
return 1`)

/** Key; entry id of the value to replace, bytes, milliseconds to live. Sent again it says 0 although it worked, which is harmless. */
export const replaceScript = script(`${higher}
local head = redis.call('GETRANGE', KEYS[1], 0, 24)
if string.sub(head, 1, 17) ~= 'V' .. ARGV[1] then return 0 end
if higher(string.sub(head, 18), string.sub(ARGV[2], 18, 25)) then return 0 end
redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
return 1`)

/**
 * Key; mark, milliseconds to live or 0. The mark that stands there, the given one if there was none. Its time is set to twice what is
 * asked, and prolonged only where it falls short: a change of it is told to everybody who watches.
 */
export const markScript = script(`
local current = redis.call('GET', KEYS[1])
local ttl = tonumber(ARGV[2])
if not current then
  if ttl > 0 then redis.call('SET', KEYS[1], ARGV[1], 'PX', 2 * ttl) else redis.call('SET', KEYS[1], ARGV[1]) end
  return ARGV[1]
end
local left = redis.call('PTTL', KEYS[1])
if left >= 0 and left < ttl then redis.call('PEXPIRE', KEYS[1], 2 * ttl) end
return current`)

/**
 * Key of a namespace; mark, form. What stands there, and since how many milliseconds the form is entered. A class that has too many forms
 * begins a new record.
 */
export const enterScript = script(`
local record = redis.call('GET', KEYS[1])
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local _, last = string.find(record or '', ' ' .. ARGV[2] .. '@', 1, true)
if last then return {record, math.max(0, now - tonumber(string.match(record, '%d+', last + 1)))} end
local class, forms, at = ' ' .. string.match(ARGV[2], '^[^:]+:'), 0, 0
while record and at do
  _, at = string.find(record, class, at + 1, true)
  if at then forms = forms + 1 end
end
if not record or forms >= ${mostForms} then record = ARGV[1] end
record = record .. ' ' .. ARGV[2] .. '@' .. string.format('%.0f', now)
redis.call('SET', KEYS[1], record)
return {record, 0}`)

/** Key; token. Where there is a floor, it stays. */
export const releaseScript = script(`
local head = redis.call('GETRANGE', KEYS[1], 0, 24)
if string.sub(head, 1, 17) ~= 'L' .. ARGV[1] then return 0 end
local floor = string.sub(head, 18)
if floor == string.rep('\\0', 8) then return redis.call('DEL', KEYS[1]) end
local left = math.max(1, redis.call('PTTL', KEYS[1]))
redis.call('SET', KEYS[1], 'T' .. ARGV[1] .. floor .. string.rep('0', 13), 'PX', left)
return 1`)

/** Key; any token, floor, milliseconds to hold it. The floor that stands now. */
export const raiseScript = script(`${higher}
local head = redis.call('GETRANGE', KEYS[1], 0, 24)
local kind, floor, hold = string.sub(head, 1, 1), ARGV[2], tonumber(ARGV[3])
if #head == 25 and higher(string.sub(head, 18), floor) then floor = string.sub(head, 18) end
if kind == 'L' or kind == 'T' then hold = math.max(hold, redis.call('PTTL', KEYS[1])) end
redis.call('SET', KEYS[1], 'T' .. ARGV[1] .. floor .. string.rep('0', 13), 'PX', hold)
return floor`)

// A watermark is `<run of Redis>:<milliseconds since 1970, by the time of Redis>`. One that lies ahead of that time was written before the
// clock was set back, and says nothing.
const watermark = `
local run = string.match(redis.call('INFO', 'server'), 'run_id:(%x+)')
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local stood, at = string.match(redis.call('GET', KEYS[1]) or '', '^(%x+):(%d+)$')
if stood ~= run or tonumber(at) > now then at = false end`

/** Key. The run of Redis, its time, and the watermark of this run. */
export const readWatermarkScript = script(`${watermark}
return {run, now, at}`)

/** Key; run, watermark. 0: another run, nothing done. */
export const moveWatermarkScript = script(`${watermark}
if run ~= ARGV[1] then return 0 end
if not at or tonumber(at) < tonumber(ARGV[2]) then redis.call('SET', KEYS[1], run .. ':' .. ARGV[2]) end
return 1`)

function script(source: string): Script {
  return { source, hash: createHash('sha1').update(source).digest('hex') }
}
