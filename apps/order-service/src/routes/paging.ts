import { createCursors } from '@alicerce/service-kit'
import type { Position } from '#src/ports/reads.ts'

/** Cursors that carry a position. They are good only for the filter that they were made for. */
export type Paging = {
  /** @throws {Problem} 400 when the cursor was changed or belongs to another filter */
  positionOf(cursor: string | undefined, filter: object): Position | undefined
  /** null where there is no next page. */
  cursorOf(position: Position | undefined, filter: object): string | null
}

/** Makes the cursors of this service's lists, signed with `secret`. */
export function createPaging(secret: string): Paging {
  const cursors = createCursors({ secret })
  return {
    positionOf(cursor, filter) {
      const position = cursors.read(filter, cursor)
      return position && { value: position[0] as Position['value'], id: position[1] as string }
    },
    cursorOf: (position, filter) => (position ? cursors.write(filter, [position.value, position.id]) : null),
  }
}
