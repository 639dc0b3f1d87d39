import { DoorClosed } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { ButtonLink } from '../components/button.tsx'
import { Page } from '../components/page.tsx'

/** Where the auth server leads after signing out. */
export function SignedOutPage() {
  const { t } = useTranslation()
  return (
    <Page
      narrow
      title={t('session.signedOutTitle')}
      above={<DoorClosed aria-hidden className="mb-4 size-10 text-primary" />}
    >
      <p className="mb-6 text-muted">{t('session.signedOutText')}</p>
      <ButtonLink to="/">{t('errors.toHome')}</ButtonLink>
    </Page>
  )
}
