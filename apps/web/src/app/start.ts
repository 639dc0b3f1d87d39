import i18next from 'i18next'
import { loadConfiguration } from '../lib/configuration.ts'
import { connect, session } from '../lib/platform.ts'
import { showToast } from '../lib/toasts.ts'
import { holdCallback } from './callback.ts'

/**
 * Everything that happens before the first picture: the callback's code leaves the address, the configuration comes, and somebody who
 * was signed in before the reload is asked for, in the other tabs and at the auth server (the page leaves and comes back).
 */
export async function start(): Promise<'ready' | 'leaving'> {
  const isCallback = holdCallback()
  connect(await loadConfiguration())
  if (isCallback) return 'ready'
  if (location.pathname === '/signed-out' || !session.wasSignedIn()) {
    session.startSignedOut()
    return 'ready'
  }
  try {
    const outcome = await session.restore(location.pathname + location.search + location.hash)
    return outcome === 'leaving' ? 'leaving' : 'ready'
  } catch {
    showToast(i18next.t('app.unreachable'), { tone: 'info' })
    return 'ready'
  }
}
