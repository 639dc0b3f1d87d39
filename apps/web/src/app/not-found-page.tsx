import { Compass } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { ButtonLink } from '../components/button.tsx'
import { Page } from '../components/page.tsx'

/** An address that leads nowhere. */
export function NotFoundPage() {
  const { t } = useTranslation()
  return (
    <Page
      narrow
      title={t('errors.notFoundTitle')}
      above={<Compass aria-hidden className="mb-4 size-10 text-primary" />}
    >
      <p className="mb-6 text-muted">{t('errors.notFoundText')}</p>
      <div className="flex flex-wrap gap-2">
        <ButtonLink to="/">{t('errors.toHome')}</ButtonLink>
        <ButtonLink to="/shop" variant="secondary">
          {t('home.browse')}
        </ButtonLink>
      </div>
    </Page>
  )
}
