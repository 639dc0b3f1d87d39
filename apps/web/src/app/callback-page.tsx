import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import { ProblemNotice } from '../components/notice.tsx'
import { Page } from '../components/page.tsx'
import { CallbackError } from '../lib/session/protocol.ts'
import { redeemHeldCallback } from './callback.ts'
import { Waiting } from './guard.tsx'
import { SignInButton } from './sign-in-button.tsx'

const words = {
  state: 'session.callbackState',
  issuer: 'session.callbackIssuer',
  access_denied: 'session.callbackDenied',
} as const

/** The end of a sign-in: goes on to where it began, or says why it could not. */
export function CallbackPage() {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const [error, setError] = useState<unknown>()
  useEffect(() => {
    redeemHeldCallback().then(({ returnTo }) => navigate(returnTo, { replace: true }), setError)
  }, [navigate])
  if (!error) return <Waiting />
  const code = error instanceof CallbackError ? error.code : ''
  return (
    <Page narrow title={t('session.callbackTitle')}>
      <p className="mb-6 text-muted">
        {t(code in words ? words[code as keyof typeof words] : 'session.callbackOther')}
      </p>
      <SignInButton text={t('common.retry')} />
      {!(error instanceof CallbackError) && <ProblemNotice error={error} className="mt-6" />}
    </Page>
  )
}
