import { WifiOff } from 'lucide-react'
import { useEffect, useRef, useSyncExternalStore } from 'react'
import { useTranslation } from 'react-i18next'
import { Outlet, ScrollRestoration, useLocation, useNavigation } from 'react-router'
import { Toasts } from '../components/toasts.tsx'
import { Footer } from './footer.tsx'
import { Header } from './header.tsx'
import { StepUpDialog } from './step-up-dialog.tsx'

/** The frame around every page. */
export function Shell() {
  const { t } = useTranslation()
  const announcement = useFocusOnNavigation()
  const isOnline = useSyncExternalStore(watchConnection, () => navigator.onLine)
  const { state } = useNavigation()
  return (
    <>
      <a
        href="#content"
        className="sr-only rounded-md bg-primary px-4 py-3 text-on-primary focus:not-sr-only focus:fixed focus:top-2 focus:left-2 focus:z-50"
      >
        {t('app.skip')}
      </a>
      {state === 'loading' && (
        <div aria-hidden className="fixed inset-x-0 top-0 z-50 h-0.5 animate-pulse bg-accent" />
      )}
      <Header />
      {!isOnline && (
        <p role="status" className="no-print bg-warning-soft text-warning">
          <span className="page flex items-center gap-2 py-2 text-sm">
            <WifiOff aria-hidden className="size-4 shrink-0" /> {t('app.offline')}
          </span>
        </p>
      )}
      <main id="content" tabIndex={-1} className="flex-1 outline-none">
        <Outlet />
      </main>
      <Footer />
      <Toasts />
      <StepUpDialog />
      <div aria-live="polite" className="sr-only" ref={announcement} />
      <ScrollRestoration />
    </>
  )
}

/** After a change of page the heading takes the focus and is announced, as a full load would do it. */
function useFocusOnNavigation() {
  const { pathname } = useLocation()
  const announcement = useRef<HTMLDivElement>(null)
  const before = useRef(pathname)
  useEffect(() => {
    if (before.current === pathname) return
    before.current = pathname
    const focused = document.activeElement
    const timer = setTimeout(() => {
      const heading = document.querySelector<HTMLElement>('main h1')
      // Whoever has gone on, before or meanwhile, into a menu or a field keeps the focus: taken away, it would close the menu.
      const active = document.activeElement
      const isInMenu = active?.closest('[role="menu"], [role="dialog"]')
      if (!isInMenu && (active === focused || active === document.body))
        heading?.focus({ preventScroll: true })
      if (announcement.current) announcement.current.textContent = heading?.textContent ?? document.title
    }, 60)
    return () => clearTimeout(timer)
  }, [pathname])
  return announcement
}

function watchConnection(notify: () => void) {
  addEventListener('online', notify)
  addEventListener('offline', notify)
  return () => {
    removeEventListener('online', notify)
    removeEventListener('offline', notify)
  }
}
