import { createApiClient, type Exchange } from '@alicerce/api-client'
import { create } from 'zustand'
import type { Configuration } from './configuration.ts'
import { createProtocol } from './session/protocol.ts'
import { createSession, type Session } from './session/session.ts'
import { useSession } from './session/store.ts'

/** How many exchanges «How it works» looks back on. */
const remembered = 50

/** The last exchanges with the API, newest first. In memory only. */
export const useExchanges = create<{ exchanges: Exchange[] }>()(() => ({ exchanges: [] }))

/** The session of this tab; set by `connect`, before anything is shown that could use it. */
export let session: Session

/** Where people look after their account, at the auth server; set by `connect`. */
export let accountCentre: string

/** The API, as the person who is signed in. */
export const api = createApiClient({
  baseUrl: '/api',
  tokens: {
    current: () => session.accessToken(),
    renew: (refused) => session.replaceAccessToken(refused),
  },
  onExchange: (exchange) =>
    useExchanges.setState(({ exchanges }) => ({ exchanges: [exchange, ...exchanges].slice(0, remembered) })),
})

/** Joins the session with the browser it runs in. Called once. */
export function connect(configuration: Configuration): void {
  accountCentre = new URL('/account', configuration.issuer).href
  const channel = new BroadcastChannel('alicerce.session')
  session = createSession({
    protocol: createProtocol(configuration, location.origin),
    store: useSession,
    origin: location.origin,
    tabStorage: sessionStorage,
    sharedStorage: localStorage,
    channel,
    leaveFor: (url) => location.assign(url),
    currentPath: () => location.pathname + location.search + location.hash,
    monotonicNow: () => performance.now(),
    now: () => Date.now(),
  })
  channel.addEventListener('message', ({ data }) => {
    if (data === 'signed-out') session.signedOutElsewhere()
  })
  renewAhead()
  addEventListener('pageshow', ({ persisted }) => {
    // Came back by the «back» button to a page that was about to leave: begin anew.
    if (persisted && useSession.getState().status === 'restoring') location.reload()
  })
}

/** Fetches the next token before the present one ends, and after a sleep through which no timer ran. */
function renewAhead(): void {
  let timer: ReturnType<typeof setTimeout> | undefined
  const plan = () => {
    clearTimeout(timer)
    const { tokens } = useSession.getState()
    if (!tokens) return
    const wait = Math.max(1_000, tokens.renewAt - performance.now())
    timer = setTimeout(() => void session.accessToken().finally(plan), wait)
  }
  useSession.subscribe(plan)
  addEventListener('online', plan)
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') plan()
  })
}
