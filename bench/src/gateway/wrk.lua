-- What wrk sends, by variables of the environment, and what it says of the run: one line of JSON.
-- METHOD, BODY_BYTES: of a request with a body. TOKENS: a file with one token a line, used in turns from the line FIRST on.
local tokensFile = os.getenv('TOKENS')
local bodyBytes = tonumber(os.getenv('BODY_BYTES') or '0')

if os.getenv('METHOD') then wrk.method = os.getenv('METHOD') end
if bodyBytes > 0 then
  wrk.body = string.rep('x', bodyBytes)
  wrk.headers['Content-Type'] = 'application/octet-stream'
end

if tokensFile then
  local requests = {}
  local position = tonumber(os.getenv('FIRST') or '0')
  function init()
    for token in io.lines(tokensFile) do
      wrk.headers['Authorization'] = 'Bearer ' .. token
      requests[#requests + 1] = wrk.format()
    end
  end
  function request()
    position = position + 1
    return requests[(position - 1) % #requests + 1]
  end
end

function done(summary, latency)
  local e = summary.errors
  io.write(string.format(
    '\n{"requests":%d,"seconds":%f,"p50":%d,"p99":%d,"p999":%d,"errors":%d,"bytes":%d}\n',
    summary.requests, summary.duration / 1e6,
    latency:percentile(50), latency:percentile(99), latency:percentile(99.9),
    e.connect + e.read + e.write + e.status + e.timeout, summary.bytes))
end
