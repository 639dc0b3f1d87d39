import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '../components/button.tsx'
import { Dialog } from '../components/dialog.tsx'
import { ProblemNotice } from '../components/notice.tsx'
import { session } from '../lib/platform.ts'
import { keepDraft, useStepUp } from '../lib/session/step-up.ts'

/** Asks whoever is about to do something sensitive to sign in once more; she comes back to this page with what she had entered. */
export function StepUpDialog() {
  const { t } = useTranslation()
  const { asked, draft } = useStepUp()
  const [error, setError] = useState<unknown>()
  const close = () => {
    setError(undefined)
    useStepUp.setState({}, true)
  }
  function confirm() {
    if (!asked) return
    keepDraft(sessionStorage, draft)
    session.signInAgain(asked).catch(setError)
  }
  return (
    <Dialog open={asked !== undefined} title={t('session.stepUpTitle')} onClose={close}>
      <div className="grid gap-4">
        <p className="text-muted">{t(asked?.acrValues ? 'session.stepUpStronger' : 'session.stepUpText')}</p>
        <ProblemNotice error={error} />
        <div className="flex flex-wrap justify-end gap-2">
          <Button variant="ghost" onClick={close}>
            {t('common.cancel')}
          </Button>
          <Button onClick={confirm}>{t('session.stepUpAction')}</Button>
        </div>
      </div>
    </Dialog>
  )
}
