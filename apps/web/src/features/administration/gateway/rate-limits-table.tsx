import type { GatewayView } from '@alicerce/api-client'
import { useTranslation } from 'react-i18next'
import { useFormat } from '../../../lib/i18n/format.ts'
import { Cell, Row, RowHead, Table } from '../table.tsx'

/** The limits that routes name, and what they decided in the last minute. */
export function RateLimitsTable({ policies }: { policies: GatewayView['rateLimits']['policies'] }) {
  const { t } = useTranslation()
  const format = useFormat()
  if (policies.length === 0) return <p className="text-muted">{t('administration.gateway.noLimits')}</p>
  const [limit, allows, by] = [
    t('administration.gateway.limit'),
    t('administration.gateway.allows'),
    t('administration.gateway.by'),
  ]
  const [allowed, refused] = [t('administration.gateway.allowed'), t('administration.gateway.refused')]
  return (
    <Table caption={t('administration.gateway.limits')} columns={[limit, allows, by, allowed, refused]}>
      {policies.map((policy) => (
        <Row key={policy.name}>
          <RowHead>
            <span className="block break-words font-semibold">{policy.name}</span>
            <span className="block text-muted">{policy.algorithm}</span>
          </RowHead>
          <Cell name={allows}>
            {policy.windowMilliseconds === null
              ? t('administration.gateway.allowsAtOnce', { permits: policy.permits })
              : t('administration.gateway.allowsPer', {
                  permits: policy.permits,
                  window: format.duration(policy.windowMilliseconds),
                })}
          </Cell>
          <Cell name={by}>{policy.partitions.join(', ')}</Cell>
          <Cell name={allowed} numeric>
            {format.rate(policy.allowedPerSecond)}
          </Cell>
          <Cell name={refused} numeric>
            {format.rate(policy.refusedPerSecond)}
          </Cell>
        </Row>
      ))}
    </Table>
  )
}
