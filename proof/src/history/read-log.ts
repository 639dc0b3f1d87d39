import { openSync, readFileSync, writeSync } from 'node:fs'

/** Where an answer came from; `unknown` where the cache does not say. */
export const sources = ['unknown', 'l1', 'redis', 'database', 'joined'] as const
export type Source = (typeof sources)[number]

/** One read that was answered. Times of the host's monotonic clock, milliseconds. */
export type Read = {
  process: number
  thing: number
  /** Of the value that was answered. */
  version: number
  source: Source
  startedAt: number
  endedAt: number
}

/** Thing, version, source (with padding), start, end. */
const recordBytes = 24
const recordsInChunk = 64

/** Writes what a process read to a file, some records at a time: one that is killed takes a few of its last ones along. */
export function openReadLog(file: string) {
  const descriptor = openSync(file, 'a')
  const chunk = Buffer.alloc(recordBytes * recordsInChunk)
  let used = 0
  const flush = () => {
    writeSync(descriptor, chunk, 0, used)
    used = 0
  }
  return {
    flush,
    record({ thing, version, source, startedAt, endedAt }: Omit<Read, 'process'>): void {
      chunk.writeUInt16LE(thing, used)
      chunk.writeUInt32LE(version, used + 2)
      chunk.writeUInt16LE(sources.indexOf(source), used + 6)
      chunk.writeDoubleLE(startedAt, used + 8)
      chunk.writeDoubleLE(endedAt, used + 16)
      used += recordBytes
      if (used === chunk.length) flush()
    },
  }
}

/** All reads in the file of one process. A record that a kill cut short is left out. */
export function* readsIn(file: string, process: number): Generator<Read> {
  const bytes = readFileSync(file)
  for (let at = 0; at + recordBytes <= bytes.length; at += recordBytes) {
    yield {
      process,
      thing: bytes.readUInt16LE(at),
      version: bytes.readUInt32LE(at + 2),
      source: sources[bytes.readUInt16LE(at + 6)] as Source,
      startedAt: bytes.readDoubleLE(at + 8),
      endedAt: bytes.readDoubleLE(at + 16),
    }
  }
}
