import type { CacheStatusEntry } from '@alicerce/api-client'
import clsx from 'clsx'
import { CircleCheck, CircleDashed, CircleSlash } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { useFormat } from '../../lib/i18n/format.ts'
import { secondsIn } from './tier.ts'

/** `Cache-Status` in words, in the order in which the caches were asked. */
export function CacheStory({ caches }: { caches: CacheStatusEntry[] }) {
  const { t } = useTranslation()
  const format = useFormat()
  const seconds = (value: number) => format.seconds(value * 1000)
  if (caches.length === 0) return <p className="text-muted text-sm">{t('telemetry.cacheNone')}</p>
  return (
    <ol className="grid gap-2 text-sm">
      {caches.toReversed().map(({ cache, hit, parameters }) => {
        const isBypassed = parameters.fwd === 'bypass'
        const Icon = hit ? CircleCheck : isBypassed ? CircleSlash : CircleDashed
        const name = cache.includes('redis')
          ? t('telemetry.redis')
          : cache.includes('l1')
            ? t('telemetry.l1')
            : cache
        const verdict = hit
          ? 'telemetry.cacheHit'
          : isBypassed
            ? 'telemetry.cacheBypass'
            : 'telemetry.cacheMiss'
        const age = secondsIn(parameters['alicerce-age'])
        const behind = secondsIn(parameters['alicerce-behind'])
        const more = [
          parameters.collapsed && t('telemetry.collapsed'),
          parameters.stored && t('telemetry.stored'),
          age !== undefined && t('telemetry.age', { time: seconds(age) }),
          typeof parameters.ttl === 'string' && t('telemetry.ttl', { seconds: parameters.ttl }),
          behind !== undefined && t('telemetry.behind', { time: seconds(behind) }),
          typeof parameters.detail === 'string' && parameters.detail,
        ].filter((part) => typeof part === 'string')
        return (
          <li key={cache} className="flex gap-2.5">
            <Icon
              aria-hidden
              className={clsx('mt-0.5 size-4 shrink-0', hit ? 'text-success' : 'text-muted')}
            />
            <span>
              {t(verdict, { cache: name })}
              {more.length > 0 && <span className="text-muted"> · {more.join(' · ')}</span>}
            </span>
          </li>
        )
      })}
    </ol>
  )
}
