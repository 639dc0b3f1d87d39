import { useTranslation } from 'react-i18next'
import { useRouteError } from 'react-router'
import { Button } from '../components/button.tsx'
import { ProblemNotice } from '../components/notice.tsx'
import { Page } from '../components/page.tsx'

/** A page broke, or its file could not be loaded (a new version was put in place meanwhile, or there is no connection). */
export function CrashPage() {
  const { t } = useTranslation()
  const error = useRouteError()
  return (
    <Page narrow title={t('errors.crashTitle')}>
      <p className="mb-6 text-muted">{t('errors.crashText')}</p>
      <Button onClick={() => location.reload()}>{t('errors.reload')}</Button>
      <ProblemNotice error={error} className="mt-6" />
    </Page>
  )
}
