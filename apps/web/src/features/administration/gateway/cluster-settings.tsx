import type { GatewayCluster } from '@alicerce/api-client'
import { useTranslation } from 'react-i18next'
import { Fact } from '../../../components/fact.tsx'
import { useFormat } from '../../../lib/i18n/format.ts'

/** How a cluster is set. The names of policies are those of its configuration. */
export function ClusterSettings({ cluster }: { cluster: GatewayCluster }) {
  const { t } = useTranslation()
  const format = useFormat()
  const { affinity, activeHealth, passiveHealth, httpVersion, verifiesCertificates } = cluster
  const version = httpVersion === 'negotiate' ? t('administration.gateway.negotiated') : `HTTP/${httpVersion}`
  return (
    <dl className="mt-3 grid gap-3 text-sm sm:grid-cols-2 lg:grid-cols-3">
      <Fact name={t('administration.gateway.balancing')}>{cluster.loadBalancingPolicy}</Fact>
      <Fact name={t('administration.gateway.affinity')}>
        {affinity ? `${affinity.policy}, ${affinity.failurePolicy}` : t('administration.gateway.none')}
      </Fact>
      <Fact name={t('administration.gateway.probes')}>
        {activeHealth
          ? t('administration.gateway.probesEvery', {
              interval: format.duration(activeHealth.intervalMilliseconds),
              count: activeHealth.threshold,
            })
          : t('administration.gateway.off')}
      </Fact>
      <Fact name={t('administration.gateway.passive')}>
        {passiveHealth
          ? t('administration.gateway.passiveAt', { share: format.share(passiveHealth.rateLimit) })
          : t('administration.gateway.off')}
      </Fact>
      <Fact name={t('administration.gateway.activityTimeout')}>
        {t('administration.gateway.policyTimeout', {
          time: format.duration(cluster.activityTimeoutMilliseconds),
        })}
      </Fact>
      <Fact name={t('administration.gateway.connection')}>
        {verifiesCertificates ? version : `${version}, ${t('administration.gateway.unverified')}`}
      </Fact>
      <Resilience resilience={cluster.resilience} />
    </dl>
  )
}

function Resilience({ resilience }: Pick<GatewayCluster, 'resilience'>) {
  const { t } = useTranslation()
  const format = useFormat()
  const off = t('administration.gateway.off')
  const { retry, breaker, outlierEjection, hedging, concurrency, budget } = resilience ?? {}
  const bounds = [
    concurrency?.perDestination &&
      t('administration.gateway.perDestination', { count: concurrency.perDestination }),
    concurrency?.perCluster && t('administration.gateway.perCluster', { count: concurrency.perCluster }),
  ].filter(Boolean)
  return (
    <>
      <Fact name={t('administration.gateway.retry')}>
        {retry
          ? t('administration.gateway.retryUpTo', {
              count: retry.attempts,
              methods: retry.methods.join(' '),
              statuses: [...retry.statuses, ...retry.errors].join(' '),
            })
          : off}
      </Fact>
      {budget && (retry || hedging) && (
        <Fact name={t('administration.gateway.budget')}>
          {t('administration.gateway.budgetOf', {
            share: format.share(budget.ratio),
            count: budget.minimumPerSecond,
          })}
        </Fact>
      )}
      <Fact name={t('administration.gateway.breaker')}>
        {breaker
          ? t('administration.gateway.breakerAt', {
              share: format.share(breaker.failureRatio),
              window: format.duration(breaker.windowMilliseconds),
              open: format.duration(breaker.openMilliseconds),
            })
          : off}
      </Fact>
      <Fact name={t('administration.gateway.outliers')}>
        {outlierEjection
          ? t('administration.gateway.outliersAt', {
              count: outlierEjection.consecutiveFailures,
              time: format.duration(outlierEjection.ejectMilliseconds),
            })
          : off}
      </Fact>
      <Fact name={t('administration.gateway.hedging')}>
        {hedging
          ? t('administration.gateway.hedgingAfter', {
              delay: format.duration(hedging.delayMilliseconds),
              methods: hedging.methods.join(' '),
            })
          : off}
      </Fact>
      <Fact name={t('administration.gateway.concurrency')}>{bounds.join(', ') || off}</Fact>
    </>
  )
}
