import { useTranslation } from 'react-i18next'
import { CopyButton } from '../../../components/copy-button.tsx'
import { Remark } from '../../../components/notice.tsx'

/** A secret that has just been made: only its hash is kept, so this is the one time that it can be seen. */
export function SecretOnce({ id, secret }: { id: string; secret: string }) {
  const { t } = useTranslation()
  return (
    <section className="card grid gap-4 p-5 sm:p-6">
      <h2 className="font-semibold text-lg">{t('administration.clients.secretTitle')}</h2>
      <Remark>{t('administration.clients.secretOnce')}</Remark>
      <dl className="grid gap-4 text-sm">
        {[
          ['client_id', id],
          ['client_secret', secret],
        ].map(([name, value = '']) => (
          <div key={name}>
            <dt className="text-muted">{name}</dt>
            <dd>
              <code className="break-all">{value}</code> <CopyButton text={value} />
            </dd>
          </div>
        ))}
      </dl>
    </section>
  )
}
