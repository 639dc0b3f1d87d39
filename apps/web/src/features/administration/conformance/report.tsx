import type { ConformanceFinding, ConformanceReport } from '@alicerce/api-client'
import { CircleCheck, CircleX } from 'lucide-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Badge } from '../../../components/badge.tsx'
import { useFormat } from '../../../lib/i18n/format.ts'

const profiles = [
  { profile: 'oauth2.1', name: 'OAuth 2.1' },
  { profile: 'fapi2', name: 'FAPI 2.0' },
] as const

/** Scores, and behind them each rule with what came of it. */
export function Report({ title, report }: { title: ReactNode; report: ConformanceReport }) {
  const { t } = useTranslation()
  const failures = report.findings.filter(({ outcome }) => outcome === 'fail').length
  return (
    <section className="card grid gap-4 p-5 sm:p-6">
      <div className="flex flex-wrap items-center justify-between gap-3">
        <h3 className="min-w-0 break-words font-semibold text-lg">{title}</h3>
        <p className="flex flex-wrap gap-1.5">
          {profiles.map(({ profile, name }) => (
            <Badge key={profile} tone={report.scores[profile] === 100 ? 'green' : 'amber'}>
              {name}: {report.scores[profile]} %
            </Badge>
          ))}
        </p>
      </div>
      <details>
        <summary className="font-medium text-primary text-sm">
          {failures > 0
            ? t('administration.conformance.failures', { count: failures })
            : t('administration.conformance.perfect')}
        </summary>
        <div className="mt-4 grid gap-6">
          {profiles.map(({ profile, name }) => (
            <section key={profile} className="grid gap-3">
              <h4 className="font-medium text-muted text-sm">{name}</h4>
              <ul className="grid gap-3">
                {report.findings
                  .filter((finding) => finding.profile === profile)
                  .map((finding) => (
                    <FindingRow key={finding.id} finding={finding} />
                  ))}
              </ul>
            </section>
          ))}
        </div>
      </details>
    </section>
  )
}

function FindingRow({ finding }: { finding: ConformanceFinding }) {
  const { t } = useTranslation()
  const { text } = useFormat()
  const { outcome, title, reason, mend, source } = finding
  const holds = outcome === 'pass'
  const Icon = holds ? CircleCheck : CircleX
  return (
    <li className="flex gap-3 text-sm">
      <Icon
        role="img"
        aria-label={t(holds ? 'administration.conformance.holds' : 'administration.conformance.broken')}
        className={holds ? 'size-5 shrink-0 text-success' : 'size-5 shrink-0 text-danger'}
      />
      <div className="min-w-0">
        <p className="font-medium">{text(title)}</p>
        {reason && <p className="break-words">{text(reason)}</p>}
        {mend && <p className="break-words text-muted">{text(mend)}</p>}
        <p className="text-muted text-xs">{source}</p>
      </div>
    </li>
  )
}
