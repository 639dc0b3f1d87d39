import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { Mark } from '../components/mark.tsx'

/** The end of every page. */
export function Footer() {
  const { t } = useTranslation()
  return (
    <footer className="mt-16 border-line border-t bg-sunken">
      <div className="page flex flex-wrap items-center justify-between gap-x-8 gap-y-4 py-8 text-muted text-sm">
        <p className="flex max-w-xl items-center gap-3">
          <Mark className="size-6 shrink-0" /> {t('navigation.footer')}
        </p>
        <p className="flex flex-wrap gap-x-6 gap-y-2">
          <Link to="/how-it-works" className="underline-offset-4 hover:text-ink hover:underline">
            {t('navigation.howItWorks')}
          </Link>
          <span>{t('navigation.source')}</span>
        </p>
      </div>
    </footer>
  )
}
