import type { CacheInvalidation } from '@alicerce/api-client'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { ProblemNotice } from '../../../components/notice.tsx'
import { useFormat } from '../../../lib/i18n/format.ts'
import { Cell, Row, RowHead, Table } from '../table.tsx'
import { type CachedService, invalidationsQuery, personQuery } from './queries.ts'

/** Who made what void, the newest first. */
export function InvalidationLog({ service }: { service: CachedService }) {
  const { t } = useTranslation()
  const { data, error, refetch } = useQuery(invalidationsQuery(service))
  const columns = (['logWhat', 'logWho', 'logWhen'] as const).map((name) =>
    t(`administration.caches.${name}`),
  )
  return (
    <section className="grid gap-3">
      <h2 className="font-semibold text-xl">{t('administration.caches.log')}</h2>
      <ProblemNotice error={error} onRetry={refetch} />
      {data?.length === 0 && <p className="text-muted">{t('administration.caches.noLog')}</p>}
      {data && data.length > 0 && (
        <Table caption={t('administration.caches.log')} columns={columns}>
          {data.map((entry) => (
            <EntryRow key={entry.id} entry={entry} columns={columns} />
          ))}
        </Table>
      )}
    </section>
  )
}

function EntryRow({ entry, columns }: { entry: CacheInvalidation; columns: string[] }) {
  const { t } = useTranslation()
  const format = useFormat()
  const { data: person } = useQuery(personQuery(entry.actorId))
  const [, who = '', when = ''] = columns
  return (
    <Row>
      <RowHead>
        <span className="break-all">
          {entry.tag === null
            ? t('administration.caches.logKey', { class: entry.class, key: entry.key })
            : t('administration.caches.logTag', { tag: entry.tag })}
        </span>
      </RowHead>
      <Cell name={who}>
        <span className="break-all">{person?.name || entry.actorId}</span>
      </Cell>
      <Cell name={when} numeric>
        {format.moment(entry.at)}
      </Cell>
    </Row>
  )
}
