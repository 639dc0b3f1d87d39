import type { Client } from '@alicerce/api-client'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '../../../components/button.tsx'
import { ConfirmDialog } from '../../../components/confirm-dialog.tsx'
import { Fact } from '../../../components/fact.tsx'
import { useFormat } from '../../../lib/i18n/format.ts'
import { useChange } from '../use-change.ts'
import { rotateSecret } from './queries.ts'
import { SecretOnce } from './secret-once.tsx'

/** When the secrets were made, and a new one. */
export function Secrets({ client, etag }: { client: Client; etag: string }) {
  const { t } = useTranslation()
  const format = useFormat()
  const [isAsking, setAsking] = useState(false)
  const rotate = useChange({
    change: () => rotateSecret(client.id, etag),
    outdated: ['clients'],
  })
  const hasSecret = client.settings.authentication.startsWith('client_secret')
  if (!hasSecret || client.configured)
    return (
      <p className="text-muted">
        {t(hasSecret ? 'administration.clients.configuredText' : 'administration.clients.noSecret')}
      </p>
    )
  return (
    <div className="grid gap-6">
      {rotate.data && <SecretOnce id={client.id} secret={rotate.data} />}
      <section className="card grid gap-4 p-5 sm:p-6">
        <div className="flex flex-wrap items-center justify-between gap-3">
          <h2 className="font-semibold text-lg">{t('administration.clients.tab_secrets')}</h2>
          <Button variant="secondary" onClick={() => setAsking(true)}>
            {t('administration.clients.rotate')}
          </Button>
        </div>
        <p className="text-muted text-sm">{t('administration.clients.secretsText')}</p>
        <ul className="grid gap-3">
          {client.secrets.map(({ createdAt, expiresAt }) => (
            <li key={createdAt}>
              <dl className="grid gap-3 text-sm sm:grid-cols-2">
                <Fact name={t('administration.clients.secretCreated')}>{format.moment(createdAt)}</Fact>
                <Fact name={t('administration.clients.secretUntil')}>
                  {expiresAt ? format.moment(expiresAt) : t('administration.clients.secretEndless')}
                </Fact>
              </dl>
            </li>
          ))}
        </ul>
      </section>
      <ConfirmDialog
        open={isAsking}
        title={t('administration.clients.rotateTitle')}
        text={t('administration.clients.rotateText')}
        action={t('administration.clients.rotate')}
        change={rotate}
        onClose={() => setAsking(false)}
      />
    </div>
  )
}
