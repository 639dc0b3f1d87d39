import { useTranslation } from 'react-i18next'
import { Mark } from '../components/mark.tsx'

/** In view for the moment in which the page asks the auth server who is signed in; it shows only where that takes long. */
export function Leaving() {
  const { t } = useTranslation()
  return (
    <p
      role="status"
      className="m-auto flex animate-[rise_300ms_ease-out_400ms_backwards] flex-col items-center gap-4 p-8 text-muted"
    >
      <Mark className="size-12" />
      {t('session.finishing')}
    </p>
  )
}
