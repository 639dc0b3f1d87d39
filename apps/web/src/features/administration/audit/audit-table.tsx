import type { AuditEvent } from '@alicerce/api-client'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { useFormat } from '../../../lib/i18n/format.ts'
import { OutcomeBadge, PartyName, useActionName } from './words.tsx'

/** Entries as a table; below 48 rem each row becomes a card of the same table. */
export function AuditTable({ events }: { events: AuditEvent[] }) {
  const { t } = useTranslation()
  const format = useFormat()
  const nameOf = useActionName()
  return (
    <table className="card block w-full overflow-hidden text-sm md:table md:border-separate md:border-spacing-0">
      <thead className="sr-only md:not-sr-only md:table-header-group">
        <tr className="bg-sunken text-left text-muted">
          {(['action', 'actor', 'target', 'when', 'outcome'] as const).map((column) => (
            <th key={column} scope="col" className="px-5 py-3 font-medium">
              {t(`administration.audit.${column}`)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody className="block md:table-row-group">
        {events.map((event) => (
          <tr
            key={event.id}
            className="group relative grid grid-cols-[1fr_auto] gap-x-4 gap-y-1 border-line border-b p-4 last:border-0 hover:bg-sunken md:table-row md:p-0 md:[&>td]:border-line md:[&>td]:border-t"
          >
            <td className="min-w-0 md:px-5 md:py-3.5">
              <Link
                to={`/administration/audit/${event.id}`}
                className="break-words font-semibold after:absolute after:inset-0 group-hover:text-primary"
              >
                {nameOf(event.action)}
              </Link>
            </td>
            <td className="col-start-1 row-start-2 min-w-0 md:px-5 md:py-3.5">
              <PartyName party={event.actor} />
            </td>
            <td className="col-start-1 row-start-3 min-w-0 md:px-5 md:py-3.5">
              {event.target && event.target.id !== event.actor?.id && (
                <>
                  <span aria-hidden className="text-muted md:hidden">
                    →{' '}
                  </span>
                  <PartyName party={event.target} />
                </>
              )}
            </td>
            <td className="col-start-1 row-start-4 text-muted md:px-5 md:py-3.5">
              {format.moment(event.at)}
            </td>
            <td className="col-start-2 row-start-1 md:px-5 md:py-3.5">
              <OutcomeBadge outcome={event.outcome} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
