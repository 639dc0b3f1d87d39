import type { Account } from '@alicerce/api-client'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '../../../components/button.tsx'
import { Dialog } from '../../../components/dialog.tsx'
import { TextArea } from '../../../components/field.tsx'
import { ProblemNotice } from '../../../components/notice.tsx'
import { useKeptDraft } from '../../../lib/session/use-kept-draft.ts'
import { changeStatus } from './queries.ts'
import { useAccountChange } from './use-account-change.ts'

type StatusChange = { status: Account['status']; reason?: string }

/** Whether a person may sign in. Disabling asks first. */
export function StatusForm({ account, etag, isSelf }: { account: Account; etag: string; isSelf: boolean }) {
  const { t } = useTranslation()
  const isActive = account.status === 'active'
  const key = ['status', account.id] as const
  const kept = useKeptDraft<StatusChange>(key)
  const [isAsking, setAsking] = useState(isActive && kept?.status === 'disabled')
  const [reason, setReason] = useState(kept?.reason ?? '')
  const save = useAccountChange(
    key,
    (change: StatusChange) => changeStatus(account.id, etag, change),
    ({ name, status }) => t(status === 'active' ? 'users.enabledToast' : 'users.disabledToast', { name }),
  )
  function disable(event: FormEvent) {
    event.preventDefault()
    const change = { status: 'disabled' as const, ...(reason.trim() && { reason: reason.trim() }) }
    save.mutate(change, { onSuccess: () => setAsking(false) })
  }
  return (
    <section className="card flex flex-wrap items-center justify-between gap-4 p-5 sm:p-6">
      <div>
        <h2 className="font-semibold text-lg">{t('users.statusTitle')}</h2>
        <p className="text-muted text-sm">{t(isActive ? 'users.disableText' : 'users.enableText')}</p>
      </div>
      {isActive ? (
        <Button variant="danger" disabled={isSelf} onClick={() => setAsking(true)}>
          {t('users.disable')}
        </Button>
      ) : (
        <Button disabled={save.isPending} onClick={() => save.mutate({ status: 'active' })}>
          {t('users.enable')}
        </Button>
      )}
      {!isAsking && <ProblemNotice error={save.error} className="w-full" />}
      <Dialog
        open={isAsking}
        title={t('users.confirmDisableTitle', { name: account.name })}
        onClose={() => {
          setAsking(false)
          save.reset()
        }}
      >
        <form onSubmit={disable} className="grid gap-4">
          <p className="text-muted">{t('users.confirmDisableText')}</p>
          <TextArea
            label={t('users.reason')}
            optional
            maxLength={500}
            value={reason}
            onChange={(event) => setReason(event.target.value)}
          />
          <ProblemNotice error={save.error} />
          <div className="flex flex-wrap justify-end gap-2">
            <Button variant="ghost" onClick={() => setAsking(false)}>
              {t('common.cancel')}
            </Button>
            <Button type="submit" variant="danger" disabled={save.isPending}>
              {t('users.disable')}
            </Button>
          </div>
        </form>
      </Dialog>
    </section>
  )
}
