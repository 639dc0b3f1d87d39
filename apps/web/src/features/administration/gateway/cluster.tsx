import type { GatewayCluster, GatewayDestination } from '@alicerce/api-client'
import { CircleCheck, CircleDashed, CircleX } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Badge } from '../../../components/badge.tsx'
import { Cell, Row, RowHead, Table } from '../table.tsx'
import { ClusterSettings } from './cluster-settings.tsx'
import { type DestinationState, stateOf } from './destination-state.ts'
import { LiveCells, useLiveColumns } from './live-cells.tsx'

/** A cluster: its destinations, and behind them how it is set. */
export function Cluster({ cluster }: { cluster: GatewayCluster }) {
  const { t } = useTranslation()
  const live = useLiveColumns()
  const columns = [
    t('administration.gateway.destination'),
    t('administration.gateway.health'),
    t('administration.gateway.inFlight'),
  ]
  return (
    <section className="grid gap-3">
      <h3 className="break-words font-semibold text-lg">{cluster.id}</h3>
      {cluster.destinations.length === 0 ? (
        <p className="text-muted">{t('administration.gateway.noDestinations')}</p>
      ) : (
        <Table
          caption={t('administration.gateway.destinationsOf', { cluster: cluster.id })}
          columns={[...columns, ...live]}
        >
          {cluster.destinations.map((destination) => (
            <DestinationRow key={destination.id} cluster={cluster} destination={destination} />
          ))}
        </Table>
      )}
      <details>
        <summary className="w-fit font-medium text-primary text-sm">
          {t('administration.gateway.settings')}
          <span className="sr-only">: {cluster.id}</span>
        </summary>
        <ClusterSettings cluster={cluster} />
      </details>
    </section>
  )
}

type DestinationProps = { cluster: GatewayCluster; destination: GatewayDestination }

function DestinationRow({ cluster, destination }: DestinationProps) {
  const { t } = useTranslation()
  return (
    <Row>
      <RowHead>
        <span className="block break-words font-semibold">{destination.id}</span>
        <span className="block break-all text-muted">{destination.address}</span>
      </RowHead>
      <Cell name={t('administration.gateway.health')}>
        {destination.byWorker === null ? (
          <Health {...stateOf(cluster, destination)} />
        ) : (
          destination.byWorker.map((own) => (
            <div key={own.worker} className="mb-1">
              <span className="text-muted text-xs">
                {t('administration.gateway.inWorker', { worker: own.worker })}{' '}
              </span>
              <Health {...stateOf(cluster, own)} />
            </div>
          ))
        )}
      </Cell>
      <Cell name={t('administration.gateway.inFlight')} numeric>
        {destination.inFlight}
      </Cell>
      <LiveCells live={destination.live} />
    </Row>
  )
}

const looks = {
  in: { tone: 'green', icon: CircleCheck },
  out: { tone: 'red', icon: CircleX },
  trying: { tone: 'amber', icon: CircleDashed },
} as const

/** The word and the sign say it; the colour helps. */
function Health({ state, reasons, openSeconds }: DestinationState) {
  const { t } = useTranslation()
  const { tone, icon: Icon } = looks[state]
  return (
    <>
      <Badge tone={tone}>
        <Icon aria-hidden className="size-3.5" />
        {t(`administration.gateway.${state}`)}
      </Badge>
      <ul className="mt-1 text-muted text-xs">
        {reasons.map((reason) => (
          <li key={reason}>{t(`administration.gateway.${reason}`)}</li>
        ))}
        {openSeconds !== undefined && (
          <li>{t('administration.gateway.breakerOpen', { count: openSeconds })}</li>
        )}
      </ul>
    </>
  )
}
