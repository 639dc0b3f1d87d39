import { expect, test } from 'vitest'
import { RememberedFields } from '#src/servers/http1/remembered-fields.ts'
import { RequestHead } from '#src/servers/http1/request-head.ts'

function readAll(remembered: RememberedFields, ...texts: string[]) {
  const head = new RequestHead()
  return texts.map((text) => {
    const bytes = Buffer.from(text, 'latin1')
    head.reset()
    expect(head.read(bytes, 0, bytes.length, remembered)).toBe(bytes.length)
    return head.fields
  })
}

const fields = 'Host: h\r\nAuthorization: Bearer a\r\n\r\n'

test('fields that come again are the same object, by whatever request line', () => {
  const [one, two] = readAll(
    new RememberedFields(),
    `GET / HTTP/1.1\r\n${fields}`,
    `PUT /b?c HTTP/1.1\r\n${fields}`,
  )
  expect(two).toBe(one)
})

test('GW-63 attack: other fields of the same length, and the same ones of another version, are read anew', () => {
  const [one, two, three] = readAll(
    new RememberedFields(),
    `GET / HTTP/1.1\r\n${fields}`,
    `GET / HTTP/1.1\r\n${fields.replace('Bearer a', 'Bearer b')}`,
    `GET / HTTP/1.0\r\n${fields.replace('Bearer a', 'Bearer b')}`,
  )
  expect(one?.rawHeaders).toContain('Bearer a')
  expect(two?.rawHeaders).toContain('Bearer b')
  expect([two?.keepsAlive, three?.keepsAlive]).toEqual([true, false])
})

test('nothing is remembered of a client that sends other fields each time', () => {
  const remembered = new RememberedFields()
  const other = (index: number) => `GET / HTTP/1.1\r\nHost: h\r\nX-Id: ${index}\r\n\r\n`
  const all = readAll(remembered, ...Array.from({ length: 20 }, (_, index) => other(index)), other(19))
  expect(all[20]).not.toBe(all[19])
  expect(all[20]).toEqual(all[19])
})
