import { useTranslation } from 'react-i18next'
import { Button } from '../components/button.tsx'

/** The app could not even begin: the gateway does not say where the auth server is. */
export function StartFailure({ error }: { error: unknown }) {
  const { t } = useTranslation()
  return (
    <main className="page max-w-xl py-20">
      <h1 className="font-semibold text-3xl">{t('errors.startTitle')}</h1>
      <p className="mt-3 text-muted">{t('errors.networkText')}</p>
      <p className="mt-3 mb-6 rounded-md bg-sunken p-3 text-sm">
        {error instanceof Error ? error.message : String(error)}
      </p>
      <Button onClick={() => location.reload()}>{t('common.retry')}</Button>
    </main>
  )
}
