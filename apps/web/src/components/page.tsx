import clsx from 'clsx'
import { type ReactNode, useEffect } from 'react'
import { useTranslation } from 'react-i18next'

/** A page: its title in the tab, its one `h1` (which takes the focus after a change of page), and what stands below. */
export function Page(props: {
  title: string
  lead?: ReactNode
  actions?: ReactNode
  above?: ReactNode
  narrow?: boolean
  children?: ReactNode
}) {
  const { title, lead, actions, above, narrow, children } = props
  useTitle(title)
  return (
    <div className={clsx('page py-8 sm:py-12', narrow && 'max-w-3xl')}>
      {above}
      <div className="mb-8 flex flex-wrap items-end justify-between gap-x-6 gap-y-4">
        <div className="min-w-0">
          <h1 tabIndex={-1} className="break-words font-semibold text-3xl sm:text-4xl">
            {title}
          </h1>
          {lead && <div className="mt-2 max-w-2xl text-muted">{lead}</div>}
        </div>
        {actions && <div className="no-print flex flex-wrap gap-2">{actions}</div>}
      </div>
      {children}
    </div>
  )
}

/** Shows `title` in the tab and to screen readers that ask where they are. */
export function useTitle(title: string): void {
  const { t } = useTranslation()
  useEffect(() => {
    document.title = t('app.title', { page: title })
  }, [title, t])
}
