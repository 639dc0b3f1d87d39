import fc from 'fast-check'

const hidden = 'GET /api/hidden HTTP/1.1\r\nHost: h\r\n\r\n'
const chunk = (text: string) => `${text.length.toString(16)}\r\n${text}\r\n`
const request = (headers: string, body = '', method = 'POST') =>
  `${method} /api/a HTTP/1.1\r\nHost: h\r\n${headers}\r\n${body}`
const chunked = 'Transfer-Encoding: chunked\r\n'
const length = (text: string) => `Content-Length: ${text.length}\r\n`

/** Requests as they should be, and what mutations begin with. */
const plain = [
  request('', '', 'GET'),
  request('X-A: a\r\nX-B: b c\r\n', '', 'DELETE'),
  request(length('hello'), 'hello'),
  request(length(hidden), hidden),
  request(length(hidden), hidden, 'GET'),
  request(chunked, `${chunk('hello')}${chunk(hidden)}0\r\n\r\n`),
  request(chunked, `${chunk(hidden)}0\r\nX-Trailer: t\r\n\r\n`, 'PUT'),
  request(`${length('hi')}Connection: close\r\n`, 'hi', 'PATCH'),
]

/** What is known to be read in two ways somewhere: lengths, codings, blanks, line ends, chunks. */
const lengthForms = [
  '5',
  ' 5',
  '5 ',
  '\t5\t',
  '05',
  '+5',
  '-5',
  '5,5',
  '5, 5',
  '5,6',
  '5;a',
  '0x5',
  '5\x0b',
  '\x0c5',
  '5.0',
  '"5"',
  '',
  '6',
  '4',
  '0',
]
const codingForms = [
  ...[
    'chunked',
    'CHUNKED',
    ' chunked',
    'chunked ',
    '\tchunked',
    '\x0bchunked',
    'chunked\x0b',
    'xchunked',
    'chunkedx',
    '"chunked"',
  ],
  ...[
    'identity',
    'gzip',
    'gzip, chunked',
    'chunked, gzip',
    'chunked, identity',
    'identity, chunked',
    'chunked, chunked',
    ',chunked',
    'chunked,',
  ],
  ...['chunked;q=1', 'chunk ed', 'chunked\r\n ', '\r\n chunked', 'chunked\0', ''],
]
const nameForms = [
  ...[
    'Transfer-Encoding :',
    'Transfer-Encoding\t:',
    ' Transfer-Encoding:',
    '\tTransfer-Encoding:',
    'Transfer-Encoding\0:',
    'Transfer-Encoding\r:',
  ],
  ...[
    'Transfer_Encoding:',
    'X:\nTransfer-Encoding:',
    'X: a\rTransfer-Encoding:',
    'X: a\r\r\nTransfer-Encoding:',
    'Transfer-Encoding::',
    'TRANSFER-ENCODING:',
  ],
]
const sizeForms = [
  '5',
  '05',
  '0005',
  '5 ',
  ' 5',
  '5\t',
  '5;',
  '5;a',
  '5;a=b',
  '5;a="b;c"',
  '5;\ta',
  '5;a\n',
  '+5',
  '-5',
  '0x5',
  '5x',
  '5_',
  'V',
  '',
  '100000005',
  'fffffffffffffffb',
  '5\r',
  '5\n\r\n',
]
const endForms = [
  '0\r\n\r\n',
  '00\r\n\r\n',
  '0;a\r\n\r\n',
  '0\n\n',
  '0\r\n\n',
  '0\n\r\n',
  '\r\n\r\n',
  '0 \r\n\r\n',
  '0\r\nX: a\r\n\r\n',
  '0\r\nX: a\n\r\n',
  '0\r\nHost: g\r\n\r\n',
  '0\r\n X: a\r\n\r\n',
  '0\r\nContent-Length: 5\r\n\r\n',
  '-0\r\n\r\n',
  '0\r\n',
]
const lines = [
  ...[
    'GET /api/a  HTTP/1.1',
    'GET  /api/a HTTP/1.1',
    'GET\t/api/a HTTP/1.1',
    'GET /api/a\tHTTP/1.1',
    'GET /api/a HTTP/1.1 ',
    'GET /api/a HTTP/1.0',
    'GET /api/a HTTP/1.10',
  ],
  ...[
    'GET /api/a HTTP/01.1',
    'GET /api/a HTTP/2.0',
    'GET /api/a',
    'GET /api/a HTTP/1.1 HTTP/1.1',
    'GET http://h/api/a HTTP/1.1',
    'GET http://g/api/a HTTP/1.1',
    'GET h:80 HTTP/1.1',
  ],
  ...[
    'OPTIONS * HTTP/1.1',
    'GET * HTTP/1.1',
    '\r\nGET /api/a HTTP/1.1',
    '\nGET /api/a HTTP/1.1',
    'GET /api/a#b HTTP/1.1',
    'GET /api/a?b c HTTP/1.1',
    'GET /api/\x80 HTTP/1.1',
    'G\x00T /api/a HTTP/1.1',
  ],
  ...[
    'GET //api/a HTTP/1.1',
    'GET /api//a HTTP/1.1',
    'GET /api/a%0aX HTTP/1.1',
    'PRI * HTTP/2.0',
    'QUERY /api/a HTTP/1.1',
    'HEAD /api/a HTTP/1.1',
  ],
]

const written = [
  ...plain,
  ...lengthForms.map((form) => request(`Content-Length:${form}\r\n`, 'hello')),
  ...codingForms.map((form) => request(`Transfer-Encoding:${form}\r\n`, `${chunk('hello')}0\r\n\r\n`)),
  ...nameForms.map((form) =>
    request(`${length(`${chunk('hello')}0\r\n\r\n`)}${form} chunked\r\n`, `${chunk('hello')}0\r\n\r\n`),
  ),
  ...sizeForms.map((form) => request(chunked, `${form}\r\nhello\r\n0\r\n\r\n`)),
  ...endForms.map((form) => request(chunked, chunk('hello') + form)),
  ...lines.map((line) => `${line}\r\nHost: h\r\n\r\n`),
  request(`${length('0\r\n\r\n')}${chunked}`, '0\r\n\r\n'),
  request(`${chunked}${length('0\r\n\r\n')}`, '0\r\n\r\n'),
  request(`${length('hello')}${length('hello')}`, 'hello'),
  request(`Content-Length: 0\r\n${length(hidden)}`, hidden),
  request(`${chunked}Transfer-Encoding: identity\r\n`, '0\r\n\r\n'),
  request(`Connection: content-length\r\n${length(hidden)}`, hidden),
  request(`Connection: transfer-encoding\r\n${chunked}`, `${chunk(hidden)}0\r\n\r\n`),
  request(`Connection: Upgrade\r\nUpgrade: h2c\r\n${length(hidden)}`, hidden),
  request(`Expect: 100-continue\r\n${length('hello')}`, 'hello'),
  request('X-A: a\r\n b\r\n', '', 'GET'),
  request('X-A: a\r\nHost: g\r\n', '', 'GET'),
]

/** Each changes one place of a request, chosen by a number. */
const mutations: ((text: string, at: number) => string)[] = [
  ...['\r', '\n', '\r\n', ' ', '\t', '\0', '\x0b', '\x0c', '\x85', '\xa0', ',', ';', ':', '0', '_'].map(
    (inserted) => (text: string, at: number) =>
      text.slice(0, at % text.length) + inserted + text.slice(at % text.length),
  ),
  (text, at) => text.slice(0, at % text.length) + text.slice((at % text.length) + 1),
  // A line twice, away, folded, with a bare end, or with blanks around its colon.
  ...[
    (line: string) => `${line}\r\n${line}`,
    () => undefined,
    (line: string) => line.replace(': ', ':\r\n '),
    (line: string) => line.replace(': ', ' : '),
    (line: string) => line.replace(': ', ':\t'),
    (line: string) => line.toUpperCase(),
    (line: string) => line.replaceAll('-', '_'),
    (line: string) => `${line}\n${line}`,
    (line: string) => `${line}\r`,
    (line: string) => ` ${line}`,
    (line: string) => line.replace(/\d+/, (digits) => String(Number(digits) + 1)),
    (line: string) => line.replace(/\d+/, (digits) => String(Math.max(0, Number(digits) - 1))),
    (line: string) => line.replace(/\d+/, (digits) => `0${digits}`),
  ].map((change) => (text: string, at: number) => changeLine(text, at, change)),
  ...[
    chunked,
    'Transfer-Encoding: identity\r\n',
    'Content-Length: 0\r\n',
    'Content-Length: 5\r\n',
    'Transfer_Encoding: chunked\r\n',
  ].map((line) => (text: string) => text.replace('Host: h\r\n', `Host: h\r\n${line}`)),
  (text) => text.replace('HTTP/1.1', 'HTTP/1.0'),
  (text) => text + hidden,
  (text) => text.replaceAll('\r\n', '\n'),
]

function changeLine(text: string, at: number, change: (line: string) => string | undefined): string {
  const all = text.split('\r\n')
  const index = at % all.length
  const changed = change(all[index] as string)
  return [...all.slice(0, index), ...(changed === undefined ? [] : [changed]), ...all.slice(index + 1)].join(
    '\r\n',
  )
}

const mutated = fc
  .tuple(
    fc.constantFrom(...plain),
    fc.array(fc.tuple(fc.constantFrom(...mutations), fc.nat(10_000)), { minLength: 1, maxLength: 3 }),
    fc.boolean(),
  )
  .map(
    ([text, changes, goesOn]) =>
      changes.reduce((result, [change, at]) => change(result || ' ', at), text) + (goesOn ? hidden : ''),
  )

/** Requests of which many are none: those written above, each with another behind it, and mutations, the same ones in every run. */
export const corpus: readonly string[] = [
  ...new Set([
    ...written.flatMap((text) => [text, text + hidden]),
    ...fc.sample(mutated, { seed: 63, numRuns: 250 }),
  ]),
]
