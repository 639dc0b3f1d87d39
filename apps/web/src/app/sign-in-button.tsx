import { LogIn } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useLocation } from 'react-router'
import { Button } from '../components/button.tsx'
import { session } from '../lib/platform.ts'
import { showToast } from '../lib/toasts.ts'

/** Leaves for the sign-in page and comes back to this one. */
export function SignInButton({ size, text }: { size?: 'small'; text?: string }) {
  const { t } = useTranslation()
  const { pathname, search, hash } = useLocation()
  const [leaving, setLeaving] = useState(false)
  async function signIn() {
    setLeaving(true)
    try {
      await session.signIn(pathname + search + hash)
    } catch {
      showToast(t('app.unreachable'), { tone: 'danger' })
      setLeaving(false)
    }
  }
  return (
    <Button onClick={signIn} disabled={leaving} {...(size && { size })}>
      <LogIn aria-hidden className="size-4" />
      {text ?? t('navigation.signIn')}
    </Button>
  )
}
