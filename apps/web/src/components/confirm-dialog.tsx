import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from './button.tsx'
import { Dialog } from './dialog.tsx'
import { ProblemNotice } from './notice.tsx'

/** Asks once more before something is done, and closes when it is. */
export function ConfirmDialog(props: {
  open: boolean
  title: string
  text: ReactNode
  /** What the button says. */
  action: string
  danger?: boolean
  change: {
    mutate: (value: undefined, options: { onSuccess: () => void }) => void
    reset: () => void
    error: unknown
    isPending: boolean
  }
  onClose: () => void
}) {
  const { t } = useTranslation()
  const { open, title, text, action, danger, change } = props
  function close() {
    // What a change has brought, such as a new secret, stays.
    if (change.error) change.reset()
    props.onClose()
  }
  return (
    <Dialog open={open} title={title} onClose={close}>
      <div className="grid gap-4">
        <p className="text-muted">{text}</p>
        <ProblemNotice error={change.error} />
        <div className="flex flex-wrap justify-end gap-2">
          <Button variant="ghost" onClick={close}>
            {t('common.cancel')}
          </Button>
          <Button
            variant={danger ? 'danger' : 'primary'}
            disabled={change.isPending}
            onClick={() => change.mutate(undefined, { onSuccess: props.onClose })}
          >
            {action}
          </Button>
        </div>
      </div>
    </Dialog>
  )
}
