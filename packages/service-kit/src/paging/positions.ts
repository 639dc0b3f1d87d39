import { type CursorValue, createCursors } from './cursors.ts'

/** Where a list that is sorted by one value stands: the value of the last row, and its id. */
type Position = { value: CursorValue; id: string }

/** Cursors that carry a position. They are good only for the filter that they were made for. */
export type Paging<P extends Position> = {
  /** @throws {Problem} 400 when the cursor was changed or belongs to another filter */
  positionOf(cursor: string | undefined, filter: object): P | undefined
  /** null where there is no next page. */
  cursorOf(position: P | undefined, filter: object): string | null
}

/** Makes the cursors of a service's lists, signed with `secret`. */
export function createPaging<P extends Position>(secret: string): Paging<P> {
  const cursors = createCursors({ secret })
  return {
    positionOf(cursor, filter) {
      const position = cursors.read(filter, cursor)
      // What is signed is what `cursorOf` wrote.
      return position && ({ value: position[0], id: position[1] } as P)
    },
    cursorOf: (position, filter) => (position ? cursors.write(filter, [position.value, position.id]) : null),
  }
}
