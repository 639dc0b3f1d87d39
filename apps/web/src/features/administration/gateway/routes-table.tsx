import type { GatewayRoute } from '@alicerce/api-client'
import { useTranslation } from 'react-i18next'
import { useFormat } from '../../../lib/i18n/format.ts'
import { Cell, Row, RowHead, Table } from '../table.tsx'
import { LiveCells, useLiveColumns } from './live-cells.tsx'
import { criterionText } from './route-words.ts'

/** Routes in match order, with all that they match by. */
export function RoutesTable({ routes }: { routes: GatewayRoute[] }) {
  const { t } = useTranslation()
  const live = useLiveColumns()
  if (routes.length === 0) return <p className="text-muted">{t('administration.gateway.noRoutes')}</p>
  const columns = [
    t('administration.gateway.route'),
    t('administration.gateway.goesTo'),
    t('administration.gateway.policies'),
  ]
  return (
    <Table caption={t('administration.gateway.routes')} columns={[...columns, ...live]}>
      {routes.map((route) => (
        <RouteRow key={route.id} route={route} />
      ))}
    </Table>
  )
}

function RouteRow({ route }: { route: GatewayRoute }) {
  const { t } = useTranslation()
  const format = useFormat()
  return (
    <Row>
      <RowHead>
        <span className="block break-words font-semibold">{route.id}</span>
        <Matches route={route} />
      </RowHead>
      <Cell name={t('administration.gateway.goesTo')}>
        {route.isOwn ? t('administration.gateway.ownAnswer') : route.clusterId}
        {route.furtherAttemptsPerSecond > 0 && (
          <span className="block text-muted">
            {t('administration.gateway.retries', { rate: format.rate(route.furtherAttemptsPerSecond) })}
          </span>
        )}
      </Cell>
      <Cell name={t('administration.gateway.policies')}>
        <Policies route={route} />
      </Cell>
      <LiveCells live={route.live} />
    </Row>
  )
}

function Matches({ route }: { route: GatewayRoute }) {
  const { t } = useTranslation()
  const hidden = t('administration.gateway.hidden')
  const headers = route.headers.map((each) => {
    return t('administration.gateway.criterionHeader', { text: criterionText(each, hidden) })
  })
  const query = route.queryParameters.map((each) => {
    return t('administration.gateway.criterionQuery', { text: criterionText(each, hidden) })
  })
  const [methods, hosts] = [route.methods.join(' '), route.hosts.join(' ')]
  return (
    <>
      <code className="block break-all">{route.path}</code>
      <span className="block break-words text-muted text-xs">
        {[
          methods || t('administration.gateway.anyMethod'),
          hosts || t('administration.gateway.anyHost'),
          ...headers,
          ...query,
        ].join(' · ')}
      </span>
    </>
  )
}

function Policies({ route }: { route: GatewayRoute }) {
  const { t } = useTranslation()
  const format = useFormat()
  const {
    authorizationPolicy,
    rateLimiterPolicy,
    outputCachePolicy,
    corsOrigins,
    timeoutMilliseconds,
    upgrades,
  } = route
  const lines = [
    t('administration.gateway.policyAuthorization', { name: authorizationPolicy }),
    rateLimiterPolicy && t('administration.gateway.policyLimit', { name: rateLimiterPolicy }),
    outputCachePolicy && t('administration.gateway.policyCache', { name: outputCachePolicy }),
    corsOrigins &&
      t('administration.gateway.policyCors', {
        origins: corsOrigins.join(' ') || t('administration.gateway.none'),
      }),
    timeoutMilliseconds !== null &&
      t('administration.gateway.policyTimeout', { time: format.duration(timeoutMilliseconds) }),
    upgrades.length > 0 && t('administration.gateway.policyUpgrades', { protocols: upgrades.join(', ') }),
  ]
  return (
    <ul>
      {lines.filter(Boolean).map((line) => (
        <li key={String(line)} className="break-words">
          {line}
        </li>
      ))}
    </ul>
  )
}
