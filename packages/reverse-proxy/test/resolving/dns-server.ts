import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'

/** A record: an IPv4 address, an IPv6 address in eight groups, or a service. */
export type DnsRecord =
  | { type: 'A'; address: string }
  | { type: 'AAAA'; address: string }
  | { type: 'SRV'; priority: number; port: number; target: string }

const types = { A: 1, AAAA: 28, SRV: 33 }
const [headerBytes, internet, nameError, serverFailure] = [12, 1, 3, 2]

/** A name server on UDP (RFC 1035) that says what it is told, or nothing at all. */
export async function startDnsServer(zone: Record<string, DnsRecord[]>) {
  const socket = createSocket('udp4')
  const state = { zone, mode: 'answers' as 'answers' | 'fails' | 'silent', queries: 0 }
  socket.on('message', (query, { port, address }) => {
    state.queries++
    if (state.mode !== 'silent') socket.send(answerTo(query, state), port, address)
  })
  socket.bind(0, '127.0.0.1')
  await once(socket, 'listening')
  return {
    state,
    server: `127.0.0.1:${(socket.address() as AddressInfo).port}`,
    close: () => new Promise<void>((resolve) => socket.close(() => resolve())),
  }
}

function answerTo(
  query: Buffer,
  { zone, mode }: { zone: Record<string, DnsRecord[]>; mode: string },
): Buffer {
  const { name, type, end } = questionOf(query)
  const records = zone[name]
  const answers = (records ?? []).filter((record) => types[record.type] === type)
  const header = Buffer.alloc(headerBytes)
  query.copy(header, 0, 0, 2)
  const code = mode === 'fails' ? serverFailure : records ? 0 : nameError
  header.writeUInt16BE(0x8180 | code, 2)
  header.writeUInt16BE(1, 4)
  header.writeUInt16BE(code === 0 ? answers.length : 0, 6)
  const sent = code === 0 ? answers.map(bytesOf) : []
  return Buffer.concat([header, query.subarray(headerBytes, end), ...sent])
}

function questionOf(query: Buffer): { name: string; type: number; end: number } {
  const labels: string[] = []
  let at = headerBytes
  for (let length = query[at] as number; length > 0; length = query[at] as number) {
    labels.push(query.toString('latin1', at + 1, at + 1 + length))
    at += 1 + length
  }
  return { name: labels.join('.').toLowerCase(), type: query.readUInt16BE(at + 1), end: at + 5 }
}

function bytesOf(record: DnsRecord): Buffer {
  const data = dataOf(record)
  const head = Buffer.alloc(12)
  // The name of the question (§4.1.4).
  head.writeUInt16BE(0xc000 | headerBytes, 0)
  head.writeUInt16BE(types[record.type], 2)
  head.writeUInt16BE(internet, 4)
  head.writeUInt16BE(data.length, 10)
  return Buffer.concat([head, data])
}

function dataOf(record: DnsRecord): Buffer {
  if (record.type === 'A') return Buffer.from(record.address.split('.').map(Number))
  if (record.type === 'AAAA')
    return Buffer.from(
      record.address
        .split(':')
        .map((group) => group.padStart(4, '0'))
        .join(''),
      'hex',
    )
  const fields = Buffer.alloc(6)
  fields.writeUInt16BE(record.priority, 0)
  fields.writeUInt16BE(record.port, 4)
  const labels = record.target.split('.').map((label) => Buffer.from(`\0${label}`))
  for (const label of labels) label[0] = label.length - 1
  return Buffer.concat([fields, ...labels, Buffer.alloc(1)])
}
