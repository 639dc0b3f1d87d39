import type { Account } from '@alicerce/api-client'
import { useMutation } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Button } from '../../../components/button.tsx'
import { ProblemNotice } from '../../../components/notice.tsx'
import { showToast } from '../../../lib/toasts.ts'
import { sendPasswordLink } from './queries.ts'

/** Helps somebody who cannot sign in. The old password stays until the link is used. */
export function PasswordLink({ account }: { account: Account }) {
  const { t } = useTranslation()
  const send = useMutation({
    mutationFn: () => sendPasswordLink(account.id),
    onSuccess: () => showToast(t('administration.passwordLink.sent', { email: account.email })),
  })
  return (
    <section className="card flex flex-wrap items-center justify-between gap-4 p-5 sm:p-6">
      <div>
        <h2 className="font-semibold text-lg">{t('administration.passwordLink.title')}</h2>
        <p className="text-muted text-sm">{t('administration.passwordLink.text')}</p>
      </div>
      <Button
        variant="secondary"
        disabled={send.isPending || account.status !== 'active'}
        onClick={() => send.mutate()}
      >
        {t('administration.passwordLink.send')}
      </Button>
      <ProblemNotice error={send.error} className="w-full" />
    </section>
  )
}
