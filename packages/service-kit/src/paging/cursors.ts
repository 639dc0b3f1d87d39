import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto'
import { invalidRequest } from '#src/problem/problems.ts'

/** Writes and reads the cursors of lists: opaque to the caller, and good only for the filter they were made for. */
export type Cursors = {
  /** The cursor behind a row. `position` holds what the list is sorted by, with a unique id as the last (SV-17). */
  write(filter: unknown, position: readonly CursorValue[]): string
  /**
   * The position of a cursor; `undefined` for the first page, when `cursor` is.
   * @throws {Problem} 400 when the cursor was changed or belongs to another filter (SV-18)
   */
  read(filter: unknown, cursor: string | undefined): readonly CursorValue[] | undefined
}

/** What a list can be sorted by. Write a time as text and a bigint as text. */
export type CursorValue = string | number | boolean | null

const macBytes = 16

/**
 * Makes the cursors of a service. All copies of the service need the same `secret`; the URL of its database, with the password in
 * it, will do, since only a key derived from it (HKDF) is used.
 */
export function createCursors({ secret }: { secret: string }): Cursors {
  const key = Buffer.from(hkdfSync('sha256', secret, '', 'alicerce cursors', 32))
  function macOf(filter: unknown, position: string): Buffer {
    const text = JSON.stringify([canonicalFilter(filter), position])
    return createHmac('sha256', key).update(text).digest().subarray(0, macBytes)
  }
  return {
    write(filter, position) {
      const text = JSON.stringify(position)
      return Buffer.concat([macOf(filter, text), Buffer.from(text)]).toString('base64url')
    },
    read(filter, cursor) {
      if (cursor === undefined) return undefined
      const bytes = Buffer.from(cursor, 'base64url')
      const text = bytes.subarray(macBytes).toString()
      const mac = bytes.subarray(0, macBytes)
      if (mac.length !== macBytes || !timingSafeEqual(mac, macOf(filter, text))) throw invalidCursor()
      return JSON.parse(text) as CursorValue[]
    },
  }
}

/** Members that are not set do not count, nor does their order. */
function canonicalFilter(filter: unknown): unknown {
  if (typeof filter !== 'object' || filter === null) return filter
  return Object.entries(filter)
    .filter(([, value]) => value !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
}

function invalidCursor() {
  const detail = 'is not one that this list gave for this filter'
  return invalidRequest('Begin the list again, without cursor.', [{ parameter: 'cursor', detail }])
}
