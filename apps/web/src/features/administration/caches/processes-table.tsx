import type { CacheProcess } from '@alicerce/api-client'
import { CircleCheck, TriangleAlert } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Badge } from '../../../components/badge.tsx'
import { useFormat } from '../../../lib/i18n/format.ts'
import { Cell, Row, RowHead, Table } from '../table.tsx'

/** Each tells its figures every two seconds; who has missed a few stands still, or has crashed. */
const silenceMilliseconds = 10_000

/** How each process of the service is. */
export function ProcessesTable({ processes }: { processes: CacheProcess[] }) {
  const { t } = useTranslation()
  const columns = (['process', 'trust', 'behind', 'breakerState', 'held', 'resets'] as const).map((name) =>
    t(`administration.caches.${name}`),
  )
  return (
    <Table caption={t('administration.caches.processes')} columns={columns}>
      {processes.map((each) => (
        <ProcessRow key={`${each.name} ${each.startedAt}`} of={each} columns={columns} />
      ))}
    </Table>
  )
}

function ProcessRow({ of, columns }: { of: CacheProcess; columns: string[] }) {
  const { t } = useTranslation()
  const format = useFormat()
  const { name, startedAt, silentMilliseconds, trusted, stalenessMilliseconds, breaker, firstLevel } = of
  const [, trust = '', behind = '', breakerState = '', held = '', resets = ''] = columns
  const Icon = trusted ? CircleCheck : TriangleAlert
  const size = format.bytes(firstLevel.bytes)
  return (
    <Row>
      <RowHead>
        <span className="block break-all font-semibold">{name}</span>
        <span className="block text-muted">
          {t('administration.caches.since', { date: format.moment(startedAt) })}
        </span>
        {silentMilliseconds > silenceMilliseconds && (
          <span className="block text-danger">
            {t('administration.caches.silent', { time: format.seconds(silentMilliseconds) })}
          </span>
        )}
      </RowHead>
      <Cell name={trust}>
        <Badge tone={trusted ? 'green' : 'amber'}>
          <Icon aria-hidden className="size-3.5" />
          {t(trusted ? 'administration.caches.trusted' : 'administration.caches.untrusted')}
        </Badge>
      </Cell>
      <Cell name={behind} numeric>
        {stalenessMilliseconds === null ? '–' : format.milliseconds(stalenessMilliseconds)}
      </Cell>
      <Cell name={breakerState}>
        <span className={breaker === 'closed' ? undefined : 'font-semibold text-danger'}>
          {t(`administration.caches.state_${breaker}`)}
        </span>
      </Cell>
      <Cell name={held} numeric>
        {t('administration.caches.heldText', { count: firstLevel.entries, size })}
        {!firstLevel.live && <span className="block text-danger">{t('administration.caches.notLive')}</span>}
      </Cell>
      <Cell name={resets} numeric>
        {format.number(firstLevel.resets)}
      </Cell>
    </Row>
  )
}
