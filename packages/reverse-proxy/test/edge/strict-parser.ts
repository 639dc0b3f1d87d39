/** A request as bytes said it: nothing is made nicer. */
export type ParsedRequest = {
  method: string
  target: string
  /** Names in lower case and values in turn. */
  headers: string[]
  framing: 'none' | 'length' | 'chunked'
  body: string
  /** All its bytes. */
  raw: string
}

const requestLine = /^([A-Z]+) (\/[\x21-\x7e]*) HTTP\/1\.1$/
/** What other proxies send: also absolute targets, codings in capitals and trailers. */
const anyRequestLine = /^([A-Z-]+) (\S+) HTTP\/1\.[01]$/
const headerLine = /^([!#$%&'*+.^`|~\w-]+): ?([\t\x20-\x7e\x80-\xff]*)$/

/**
 * Parses requests as strictly as can be, and shares no line with the proxy. What a proxy sends must pass it, whatever its client sent.
 * @returns the requests, and what is left of one that has not come whole
 * @throws where bytes are no request in its plainest form
 */
export function parseRequests(bytes: string, isLenient = false): { requests: ParsedRequest[]; rest: string } {
  const requests: ParsedRequest[] = []
  let rest = bytes
  while (rest !== '') {
    const end = rest.indexOf('\r\n\r\n')
    if (end === -1) break
    const head = parseHead(rest.slice(0, end), isLenient)
    const after = rest.slice(end + 4)
    const found = head.framing === 'chunked' ? readChunks(after, isLenient) : readLength(after, head.length)
    if (!found) break
    requests.push({
      ...head.request,
      framing: head.framing,
      body: found.body,
      raw: rest.slice(0, rest.length - found.rest.length),
    })
    rest = found.rest
  }
  return { requests, rest }
}

function parseHead(text: string, isLenient: boolean) {
  const [first = '', ...lines] = text.split('\r\n')
  const [, method, target] =
    (isLenient ? anyRequestLine : requestLine).exec(first) ?? fail(`request line ${JSON.stringify(first)}`)
  const headers = lines.flatMap((line) => {
    const [, name = '', value = ''] = headerLine.exec(line) ?? fail(`header line ${JSON.stringify(line)}`)
    return [name.toLowerCase(), value]
  })
  const of = (name: string) => headers.filter((_, at) => at % 2 === 1 && headers[at - 1] === name)
  const [lengths, encodings] = [of('content-length'), of('transfer-encoding')]
  if (of('host').length !== 1) fail('not one Host')
  if (lengths.length + encodings.length > 1) fail('framed twice')
  const [coding = 'chunked'] = encodings
  if ((isLenient ? coding.toLowerCase() : coding) !== 'chunked') fail(`coding ${coding}`)
  if (lengths.length === 1 && !/^(?:0|[1-9]\d*)$/.test(lengths[0] as string)) fail(`length ${lengths[0]}`)
  const framing = encodings.length > 0 ? 'chunked' : lengths.length > 0 ? 'length' : 'none'
  return {
    request: { method, target, headers } as ParsedRequest,
    framing,
    length: Number(lengths[0] ?? 0),
  } as const
}

type Body = { body: string; rest: string }

function readLength(text: string, length: number): Body | undefined {
  return text.length < length ? undefined : { body: text.slice(0, length), rest: text.slice(length) }
}

function readChunks(text: string, takesTrailers: boolean): Body | undefined {
  let body = ''
  let at = 0
  for (;;) {
    const end = text.indexOf('\r\n', at)
    if (end === -1) return undefined
    const size = text.slice(at, end)
    if (!/^[0-9a-f]{1,8}$/i.test(size)) fail(`chunk size ${JSON.stringify(size)}`)
    const length = Number.parseInt(size, 16)
    const dataEnd = end + 2 + length
    if (length === 0 && takesTrailers) {
      const last = text.indexOf('\r\n\r\n', end)
      return last === -1 ? undefined : { body, rest: text.slice(last + 4) }
    }
    if (text.length < dataEnd + 2) return undefined
    if (text.slice(dataEnd, dataEnd + 2) !== '\r\n') fail('chunk without its end, or a trailer')
    body += text.slice(end + 2, dataEnd)
    at = dataEnd + 2
    if (length === 0) return { body, rest: text.slice(at) }
  }
}

function fail(what: string): never {
  throw new Error(`Not a plain request: ${what}`)
}
