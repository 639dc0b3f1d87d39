import type { AuditEvent } from '@alicerce/api-client'
import { useTranslation } from 'react-i18next'
import { Badge } from '../../../components/badge.tsx'

/** What an action is called; one that is newer than this app, by its own name. */
export function useActionName(): (action: string) => string {
  const { t } = useTranslation()
  return (action) => t(`administration.audit.actions.${action as 'register'}`, { defaultValue: action })
}

/** Who did it, or to whom it was done: a name where there is one. */
export function PartyName({ party }: { party: AuditEvent['actor'] }) {
  const { t } = useTranslation()
  if (!party) return <span className="text-muted">{t('administration.audit.nobody')}</span>
  return party.name ? (
    <span className="break-words">{party.name}</span>
  ) : (
    <code className="break-all">{party.id}</code>
  )
}

/** Whether it was done. */
export function OutcomeBadge({ outcome }: { outcome: string }) {
  const { t } = useTranslation()
  const isDone = outcome === 'done'
  return (
    <Badge tone={isDone ? 'green' : 'red'}>
      {t(isDone ? 'administration.audit.done' : 'administration.audit.refused')}
    </Badge>
  )
}
