import { type TSchema, Type } from 'typebox'

/** Query parameters of every list; spread them among the filters: `Type.Object({ ...pageQuery, search })`. */
export const pageQuery = {
  limit: Type.Optional(
    Type.Integer({ minimum: 1, maximum: 100, default: 24, description: 'Most items of a page' }),
  ),
  cursor: Type.Optional(
    Type.String({
      maxLength: 1000,
      description: '`nextCursor` of the page before; the filter must be the same',
    }),
  ),
}

/** How many items a page has when the caller does not say. */
export const defaultPageSize = 24

/** One page of a list. */
export type Page<Item> = {
  items: Item[]
  /** `null` on the last page. */
  nextCursor: string | null
  total?: number
}

/** The contract of a page of `item`. `title` names it in the OpenAPI document, such as `OrderPage`. */
export function PageSchema<Item extends TSchema>(item: Item, title: string) {
  return Type.Object(
    {
      items: Type.Array(item),
      nextCursor: Type.Union([Type.String(), Type.Null()], { description: 'null on the last page' }),
      total: Type.Optional(Type.Integer({ minimum: 0 })),
    },
    { title },
  )
}

/** Makes a page of rows of which one more than `limit` was asked for: the surplus row tells that there is a next page. */
export function toPage<Row>(rows: readonly Row[], limit: number, cursorOf: (last: Row) => string): Page<Row> {
  const items = rows.slice(0, limit)
  const last = items.at(-1)
  return { items, nextCursor: rows.length > limit && last !== undefined ? cursorOf(last) : null }
}
