import type { Client } from '@alicerce/api-client'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import { Button } from '../../../components/button.tsx'
import { ConfirmDialog } from '../../../components/confirm-dialog.tsx'
import { ProblemNotice } from '../../../components/notice.tsx'
import { useChange } from '../use-change.ts'
import { changeClientStatus, removeClient } from './queries.ts'

/** Whether the client gets tokens. Disabling and removing ask first. */
export function Status({ client, etag }: { client: Client; etag: string }) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const [asking, setAsking] = useState<'disable' | 'remove'>()
  const { id, disabled, configured } = client
  const name = client.settings.name || id
  const status = useChange({
    change: () => changeClientStatus(id, etag, !disabled),
    outdated: ['clients'],
    done: t(disabled ? 'administration.clients.enabledToast' : 'administration.clients.disabledToast'),
  })
  const remove = useChange({
    change: async () => {
      await removeClient(id, etag)
      await navigate('/administration/clients')
    },
    outdated: ['clients'],
    done: t('administration.clients.removedToast'),
  })
  return (
    <div className="grid gap-6">
      <section className="card flex flex-wrap items-center justify-between gap-4 p-5 sm:p-6">
        <div>
          <h2 className="font-semibold text-lg">{t('administration.clients.tab_status')}</h2>
          <p className="text-muted text-sm">
            {t(disabled ? 'administration.clients.enableText' : 'administration.clients.disableText')}
          </p>
        </div>
        {disabled ? (
          <Button disabled={status.isPending} onClick={() => status.mutate(undefined)}>
            {t('administration.clients.enable')}
          </Button>
        ) : (
          <Button variant="danger" disabled={configured} onClick={() => setAsking('disable')}>
            {t('administration.clients.disable')}
          </Button>
        )}
        {!asking && <ProblemNotice error={status.error} className="w-full" />}
      </section>
      <section className="card flex flex-wrap items-center justify-between gap-4 p-5 sm:p-6">
        <div>
          <h2 className="font-semibold text-lg">{t('administration.clients.removeTitle')}</h2>
          <p className="text-muted text-sm">{t('administration.clients.removeText')}</p>
        </div>
        <Button variant="danger" disabled={configured} onClick={() => setAsking('remove')}>
          {t('administration.clients.remove')}
        </Button>
      </section>
      <ConfirmDialog
        open={asking === 'disable'}
        danger
        title={t('administration.clients.confirmDisable', { name })}
        text={t('administration.clients.disableText')}
        action={t('administration.clients.disable')}
        change={status}
        onClose={() => setAsking(undefined)}
      />
      <ConfirmDialog
        open={asking === 'remove'}
        danger
        title={t('administration.clients.confirmRemove', { name })}
        text={t('administration.clients.removeText')}
        action={t('administration.clients.remove')}
        change={remove}
        onClose={() => setAsking(undefined)}
      />
    </div>
  )
}
