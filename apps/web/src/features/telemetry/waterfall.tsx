import clsx from 'clsx'
import {
  Cable,
  Database,
  Globe,
  KeyRound,
  Layers,
  type LucideIcon,
  ScrollText,
  Server,
  Waypoints,
} from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { useFormat } from '../../lib/i18n/format.ts'
import type { Station } from './way.ts'

const looks: Record<Station['part'], { icon: LucideIcon; bar: string }> = {
  browser: { icon: Globe, bar: 'bg-line-strong/45' },
  gateway: { icon: Waypoints, bar: 'bg-primary/45' },
  token: { icon: KeyRound, bar: 'bg-primary' },
  policy: { icon: ScrollText, bar: 'bg-primary' },
  upstream: { icon: Cable, bar: 'bg-accent/35' },
  service: { icon: Server, bar: 'bg-accent/65' },
  cache: { icon: Layers, bar: 'bg-success' },
  database: { icon: Database, bar: 'bg-warning' },
}

/** The picture of a request's way: a row for each part, a bar for its time. */
export function Waterfall({ stations, total }: { stations: Station[]; total: number }) {
  const { t } = useTranslation()
  const format = useFormat()
  const share = (milliseconds: number) => `${Math.min(100, (milliseconds / Math.max(total, 0.001)) * 100)}%`
  return (
    <ol className="grid gap-y-1" aria-label={t('telemetry.way')}>
      {stations.map(({ part, depth, start, duration, description }, index) => {
        const { icon: Icon, bar } = looks[part]
        return (
          <li
            // biome-ignore lint/suspicious/noArrayIndexKey: a part can be passed twice, its place is its identity
            key={index}
            className="grid grid-cols-[minmax(0,1fr)_4.5rem] items-center gap-x-3 rounded-sm py-1.5 sm:grid-cols-[15rem_minmax(0,1fr)_4.5rem]"
          >
            <span
              className="flex min-w-0 items-center gap-2 text-sm"
              style={{ paddingInlineStart: `${depth * 0.625}rem` }}
            >
              <Icon aria-hidden className="size-4 shrink-0 text-muted" />
              <span className="min-w-0">
                <span className="font-medium">{t(`telemetry.${part}`)}</span>
                {description && <Description part={part} text={description} />}
              </span>
            </span>
            <span
              className="relative col-span-2 row-start-2 h-3 rounded-full bg-sunken sm:col-span-1 sm:col-start-2 sm:row-start-1"
              aria-hidden
            >
              <span
                className={clsx('absolute inset-y-0 min-w-[3px] rounded-full', bar)}
                style={{
                  insetInlineStart: share(Math.min(start, total)),
                  width: share(Math.min(duration, total - start)),
                }}
              />
            </span>
            <span className="text-right text-muted text-sm tabular-nums sm:col-start-3">
              {format.milliseconds(duration)}
            </span>
          </li>
        )
      })}
    </ol>
  )
}

function Description({ part, text }: { part: Station['part']; text: string }) {
  const { t } = useTranslation()
  const [subject, source] = text.split(': ')
  const known = {
    verified: t('telemetry.tokenVerified'),
    remembered: t('telemetry.tokenRemembered'),
    none: t('telemetry.tokenNone'),
    l1: t('telemetry.source_l1'),
    redis: t('telemetry.source_redis'),
    database: t('telemetry.source_database'),
    joined: t('telemetry.source_joined'),
  }
  const words =
    part === 'token'
      ? (known[text as keyof typeof known] ?? text)
      : part === 'cache' && source
        ? `${subject}, ${known[source as keyof typeof known] ?? source}`
        : text
  return <span className="block break-words text-muted text-xs leading-snug">{words}</span>
}
