import clsx from 'clsx'
import type { ReactNode } from 'react'

/** A table; below 64 rem each row becomes a card of the same table, in which every value has its name. */
export function Table(props: { caption: string; columns: readonly string[]; children: ReactNode }) {
  const { caption, columns, children } = props
  return (
    <table className="card block w-full overflow-hidden text-sm lg:table lg:border-separate lg:border-spacing-0">
      <caption className="sr-only">{caption}</caption>
      <thead className="sr-only lg:not-sr-only lg:table-header-group">
        <tr className="bg-sunken text-left text-muted">
          {columns.map((column) => (
            <th key={column} scope="col" className="px-4 py-3 font-medium">
              {column}
            </th>
          ))}
        </tr>
      </thead>
      <tbody className="block lg:table-row-group">{children}</tbody>
    </table>
  )
}

/** One of its rows. */
export function Row({ children }: { children: ReactNode }) {
  return (
    <tr className="grid gap-2 border-line border-b p-4 last:border-0 lg:table-row lg:p-0 lg:[&>*]:border-line lg:[&>*]:border-t">
      {children}
    </tr>
  )
}

/** What the row is of. */
export function RowHead({ children }: { children: ReactNode }) {
  return (
    <th scope="row" className="min-w-0 text-left align-top font-normal lg:px-4 lg:py-3.5">
      {children}
    </th>
  )
}

/** A value; `name` is that of its column, which small screens show beside it. */
export function Cell(props: { name: string; numeric?: boolean; children: ReactNode }) {
  const { name, numeric, children } = props
  return (
    <td
      className={clsx(
        'grid min-w-0 grid-cols-[8rem_1fr] gap-x-3 align-top lg:table-cell lg:px-4 lg:py-3.5',
        numeric && 'tabular-nums lg:whitespace-nowrap',
      )}
    >
      <span aria-hidden className="text-muted lg:hidden">
        {name}
      </span>
      <div className="min-w-0 break-words">{children}</div>
    </td>
  )
}
