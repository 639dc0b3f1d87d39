import { randomBytes, randomUUID } from 'node:crypto'
import { encodeValue } from '../../entry/entry.ts'
import type { CacheStore } from '../../store/cache-store.ts'

/** Two stores on the same data, as two processes have them, and what to do after the last test. */
export type StoresUnderTest = { store: CacheStore; other: CacheStore; close(): Promise<void> }

export const newKey = (): string => `contract.0:thing:${randomUUID()}:{1}`
export const newToken = (): Buffer => randomBytes(16)
export const minute = 60_000

export function entry(token: Buffer, value: unknown, version = 0): Buffer {
  const loadedAt = Date.now()
  return encodeValue({
    token,
    value,
    version,
    marks: '',
    loadedAt,
    freshUntil: loadedAt + minute,
    loadMilliseconds: 3,
  })
}
