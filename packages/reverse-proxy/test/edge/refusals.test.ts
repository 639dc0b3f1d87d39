import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { closeAll, startProxy } from '../fixtures.ts'
import { converse, startRecorder } from './sockets.ts'

let upstream: Awaited<ReturnType<typeof startRecorder>>
let port: number

beforeAll(async () => {
  upstream = await startRecorder()
  port = (await startProxy(upstream.address)).port
})
beforeEach(() => upstream.clear())
afterAll(closeAll)

const get = (target: string, headers = '') => `GET ${target} HTTP/1.1\r\nHost: h\r\n${headers}\r\n`
const withHost = (lines: string) => `GET /api/a HTTP/1.1\r\n${lines}\r\n`
const post = (headers: string, body = '') => `POST /api/a HTTP/1.1\r\nHost: h\r\n${headers}\r\n${body}`
const chunked = (body: string) => post('Transfer-Encoding: chunked\r\n', body)
const hidden = 'GET /api/hidden HTTP/1.1\r\nHost: h\r\n\r\n'

/** Each is refused, the connection closes, and neither it nor what stands behind it reaches the service. */
async function expectRefused(bytes: string, status: number) {
  const { statuses, isClosed } = await converse(port, bytes + hidden)
  expect({ statuses, isClosed }).toEqual({ statuses: [status], isClosed: true })
  expect(upstream.isUntouched()).toBe(true)
}

test.each([
  ['no Host', withHost('')],
  ['two Hosts', withHost('Host: h\r\nHost: g\r\n')],
  ['two equal Hosts', withHost('Host: h\r\nHost: h\r\n')],
  ['an empty Host', withHost('Host:\r\n')],
  ['a Host with userinfo', withHost('Host: u@h\r\n')],
  ['a Host with userinfo and port', withHost('Host: u:p@h:80\r\n')],
  ['a Host with a path', withHost('Host: h/api\r\n')],
  ['a Host with a query', withHost('Host: h?a\r\n')],
  ['a list of Hosts', withHost('Host: h, g\r\n')],
  ['a Host with a space', withHost('Host: h g\r\n')],
  ['a Host with a scheme', withHost('Host: http://h\r\n')],
  ['a Host with an empty port', withHost('Host: h:\r\n')],
  ['a Host with two ports', withHost('Host: h:80:80\r\n')],
  ['a Host with a port above 65535', withHost('Host: h:65536\r\n')],
  ['a Host with a port in letters', withHost('Host: h:http\r\n')],
  ['a Host of dots', withHost('Host: ..\r\n')],
  ['a Host with an empty label', withHost('Host: a..b\r\n')],
  ['a Host that is half an IPv6 address', withHost('Host: [::1\r\n')],
  ['a Host in brackets that is no address', withHost('Host: [1:2]\r\n')],
  ['a Host beyond ASCII', withHost('Host: b\xfccher.example\r\n')],
  ['a percent-encoded Host', withHost('Host: h%2eg\r\n')],
])('GW-63 refuses %s', (_what, bytes) => expectRefused(bytes, 400))

test.each([
  ['an absolute target of another host', 'http://g/api/a'],
  ['an absolute target of another port', 'http://h:8080/api/a'],
  ['an absolute target with userinfo', 'http://u@h/api/a'],
  ['an absolute target of another scheme', 'ftp://h/api/a'],
  ['an absolute target without a host', 'http:///api/a'],
  ['GET *', '*'],
  ['an authority as target', 'h:80'],
  ['a target without its slash', 'api/a'],
  ['an empty path before a query', '?a=b'],
  ['a byte of 0x80', '/api/\x80'],
  ['UTF-8 as it is', '/api/\xc3\xa9'],
  ['a byte of 0x80 in the query', '/api/a?\xff'],
  ['DEL in the target', '/api/\x7f'],
  ['overlong UTF-8', '/api/%c0%af'],
  ['UTF-8 that is overlong by two', '/api/%e0%80%af'],
  ['a surrogate', '/api/%ed%a0%80'],
  ['UTF-8 beyond Unicode', '/api/%f4%90%80%80'],
  ['UTF-8 that breaks off', '/api/%c3'],
  ['Latin-1', '/api/%e9'],
  ['an encoded NUL', '/api/a%00'],
  ['an encoded CR', '/api/a%0d'],
  ['an encoded LF', '/api/a%0Ab'],
  ['a backslash', '/api\\a'],
  ['a backslash in the query', '/api/a?\\'],
  ['a fragment', '/api/a#b'],
  ['half an escape', '/api/a%'],
  ['an escape of one digit', '/api/a%2'],
  ['an escape that is none', '/api/%zz'],
  ['an escape of another kind', '/api/%u002f'],
  ['a broken escape in the query', '/api/a?b=%zz'],
  ['an encoded slash', '/api/a%2fb'],
  ['an encoded slash in capitals', '/api/a%2Fb'],
  ['an encoded backslash', '/api/a%5cb'],
  ['a dot segment', '/api/./a'],
  ['two dots', '/api/../a'],
  ['two dots at the end', '/api/a/..'],
  ['a dot at the end', '/api/a/.'],
  ['encoded dots', '/api/%2e%2E/a'],
  ['half encoded dots', '/api/.%2e/a'],
  ['dots before an encoded slash', '/api/..%2fa'],
  ['dots before an encoded backslash', '/api/..%5ca'],
  ['dots before a parameter', '/api/..;v=1/a'],
])('GW-63 refuses %s', (_what, target) => expectRefused(get(target), 400))

test.each([
  ['two spaces before the target', 'GET  /api/a HTTP/1.1\r\nHost: h\r\n\r\n'],
  ['two spaces behind the target', 'GET /api/a  HTTP/1.1\r\nHost: h\r\n\r\n'],
  ['three spaces behind the target', 'GET /api/a   HTTP/1.1\r\nHost: h\r\n\r\n'],
  ['an empty line before the request', '\r\nGET /api/a HTTP/1.1\r\nHost: h\r\n\r\n'],
  ['two empty lines before the request', '\r\n\r\nGET /api/a HTTP/1.1\r\nHost: h\r\n\r\n'],
  ['a bare LF before the request', '\nGET /api/a HTTP/1.1\r\nHost: h\r\n\r\n'],
  ['a bare CR before the request', '\rGET /api/a HTTP/1.1\r\nHost: h\r\n\r\n'],
  ['a space behind the version', 'GET /api/a HTTP/1.1 \r\nHost: h\r\n\r\n'],
  ['a space before the method', ' GET /api/a HTTP/1.1\r\nHost: h\r\n\r\n'],
  ['a tab between', 'GET\t/api/a\tHTTP/1.1\r\nHost: h\r\n\r\n'],
  ['a space within the target', get('/api/a b')],
  ['a method in small letters', 'get /api/a HTTP/1.1\r\nHost: h\r\n\r\n'],
])('GW-63 refuses %s', (_what, bytes) => expectRefused(bytes, 400))

test.each([
  ['+1', '+1'],
  ['-1', '-1'],
  ['01', '01'],
  ['00', '00'],
  ['0x1', '0x1'],
  ['1e0', '1e0'],
  ['1.0', '1.0'],
  ['nothing', ''],
  ['1 1', '1 1'],
  ['a list', '1, 1'],
  ['a vertical tab', '\x0b1'],
  ['2^53', '9007199254740992'],
  ['2^64 + 1', '18446744073709551617'],
])('GW-63 refuses Content-Length: %s', (_what, value) =>
  expectRefused(post(`Content-Length: ${value}\r\n`, 'a'), 400),
)

test.each([
  ['Transfer_Encoding', 'Transfer_Encoding: chunked'],
  ['Content_Length', 'content_length: 5'],
  ['X_User_Id', 'X_User_Id: 1'],
  ['X-User_Id', 'X-User_Id: 1'],
  ['X_Forwarded_For', 'X_Forwarded_For: 6.6.6.6'],
  ['Remote_User', 'Remote_User: admin'],
])('GW-63 refuses the underscore twin %s', (_what, line) => expectRefused(get('/api/a', `${line}\r\n`), 400))

test.each([
  ['gzip', 'gzip', 501],
  ['identity', 'identity', 501],
  ['gzip, then chunked', 'gzip, chunked', 501],
  ['xchunked', 'xchunked', 501],
  ['chunked with a parameter', 'chunked;q=1', 501],
  ['chunked in quotes', '"chunked"', 501],
  ['an empty element', ',chunked', 501],
  // RFC 9112 §6.3
  ['chunked, then gzip', 'chunked, gzip', 400],
  ['chunked twice', 'chunked, chunked', 400],
  ['a vertical tab', '\x0bchunked', 400],
])('GW-63 refuses Transfer-Encoding: %s', (_what, value, status) =>
  expectRefused(post(`Transfer-Encoding: ${value}\r\n`, '0\r\n\r\n'), status),
)

test.each(['chunked', 'gzip', 'identity'])('GW-63 refuses Transfer-Encoding %s of HTTP/1.0', (value) =>
  expectRefused(`POST /api/a HTTP/1.0\r\nHost: h\r\nTransfer-Encoding: ${value}\r\n\r\n0\r\n\r\n`, 400),
)

test.each([
  [
    'two lines of Transfer-Encoding',
    post('Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n', '0\r\n\r\n'),
    400,
  ],
  ['TRACE', 'TRACE /api/a HTTP/1.1\r\nHost: h\r\n\r\n', 405],
  ['CONNECT', 'CONNECT h:80 HTTP/1.1\r\nHost: h\r\n\r\n', 405],
  ['a request of HTTP/0.9', 'GET /api/a\r\n\r\n', 505],
  ['HTTP/2.0 by the look of its line', 'GET /api/a HTTP/2.0\r\nHost: h\r\n\r\n', 505],
  ['HTTP/1.2', 'GET /api/a HTTP/1.2\r\nHost: h\r\n\r\n', 505],
  ['a target that is too long', get(`/api/${'a'.repeat(8192)}`), 414],
  ['a target that is longer than a head may be', get(`/api/${'a'.repeat(20_000)}`), 414],
  ['headers that are too large', get('/api/a', `X-A: ${'a'.repeat(20_000)}\r\n`), 431],
  ['too many headers', get('/api/a', 'X-A: a\r\n'.repeat(201)), 431],
])('GW-63 refuses %s', (_what, bytes, status) => expectRefused(bytes, status))

test.each([
  ...[
    'Host',
    'Content-Length',
    'transfer-encoding',
    'Authorization',
    'Cookie',
    'DPoP',
    'X-User-Id',
    'X_User_Id',
  ],
  ...['X-Forwarded-For', 'close, Host', 'keep-alive,  hOsT', 'close\r\nConnection: X-Real-IP'],
])('GW-57 refuses a Connection that names %s', (value) =>
  expectRefused(get('/api/a', `Connection: ${value}\r\n`), 400),
)

test.each([
  ['a bare LF', 'GET /api/a HTTP/1.1\nHost: h\n\n'],
  ['a bare LF behind a header', get('/api/a', 'X-A: a\nX-B: b\r\n')],
  ['a bare LF as the last line', 'GET /api/a HTTP/1.1\r\nHost: h\r\n\n'],
  ['a bare CR in a value', get('/api/a', 'X-A: a\rb\r\n')],
  ['a CR too many', get('/api/a', 'X-A: a\r\r\n')],
  ['a folded line', get('/api/a', 'X-A: a\r\n b\r\n')],
  ['a folded line with a tab', get('/api/a', 'X-A: a\r\n\tb\r\n')],
  ['a first header that begins with a space', withHost(' Host: h\r\n')],
  ['a space before the colon', get('/api/a', 'X-A : a\r\n')],
  ['a tab before the colon', get('/api/a', 'X-A\t: a\r\n')],
  ['an empty name', get('/api/a', ': a\r\n')],
  ['a line without a colon', get('/api/a', 'nonsense\r\n')],
  ['a name with a control character', get('/api/a', 'X\x01A: a\r\n')],
  ['a name in parentheses', get('/api/a', 'X(A): a\r\n')],
  ['NUL in a value', get('/api/a', 'X-A: a\0b\r\n')],
  ['a control character in a value', get('/api/a', 'X-A: a\x01b\r\n')],
  ['DEL in a value', get('/api/a', 'X-A: a\x7fb\r\n')],
  [
    'Content-Length with Transfer-Encoding',
    post('Content-Length: 5\r\nTransfer-Encoding: chunked\r\n', '0\r\n\r\n'),
  ],
  [
    'Transfer-Encoding with Content-Length',
    post('Transfer-Encoding: chunked\r\nContent-Length: 5\r\n', '0\r\n\r\n'),
  ],
  ['two Content-Lengths', post('Content-Length: 1\r\nContent-Length: 2\r\n', 'ab')],
  ['a Content-Length twice', post('Content-Length: 1\r\nContent-Length: 1\r\n', 'a')],
  ['an empty Transfer-Encoding', post('Transfer-Encoding:\r\n', '0\r\n\r\n')],
  ['an unknown method', 'FOO /api/a HTTP/1.1\r\nHost: h\r\n\r\n'],
  ['another protocol', 'GET /api/a RTSP/1.0\r\nHost: h\r\n\r\n'],
  ['a TLS greeting', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03'],
])('GW-63 refuses %s', (_what, bytes) => expectRefused(bytes, 400))

test.each([
  ['an empty chunk extension', chunked('1;\r\na\r\n0\r\n\r\n')],
  ['a bare LF in a chunk extension', chunked('1;a\na\r\n0\r\n\r\n')],
  ['a space behind a chunk size', chunked('1 \r\na\r\n0\r\n\r\n')],
  ['a chunk size with a prefix', chunked('0x1\r\na\r\n0\r\n\r\n')],
  ['a signed chunk size', chunked('+1\r\na\r\n0\r\n\r\n')],
  ['an empty chunk size', chunked('\r\na\r\n0\r\n\r\n')],
  ['a chunk size beyond 64 bits', chunked('fffffffffffffffff\r\na\r\n0\r\n\r\n')],
  ['a bare LF behind a chunk size', chunked('1\na\r\n0\r\n\r\n')],
  ['a bare LF behind a chunk', chunked('1\r\na\n0\r\n\r\n')],
  ['a chunk without its end', chunked('1\r\na0\r\n\r\n')],
  ['a chunk that is longer than it says', chunked('1\r\nabc\r\n0\r\n\r\n')],
  ['a bare LF in trailers', chunked('0\r\nX-A: a\n\r\n')],
  ['Content-Length in trailers', chunked('0\r\nContent-Length: 3\r\n\r\n')],
  ['Transfer-Encoding in trailers', chunked('0\r\nTransfer-Encoding: chunked\r\n\r\n')],
])('GW-63 refuses %s', (_what, bytes) => expectRefused(bytes, 400))
