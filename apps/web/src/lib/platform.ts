import { type Credential, createApiClient, createConsistency, type Exchange } from '@alicerce/api-client'
import { create } from 'zustand'
import type { Configuration } from './configuration.ts'
import { createProtocol, type Protocol } from './session/protocol.ts'
import { createSession, type Session } from './session/session.ts'
import { useSession } from './session/store.ts'
import { createTabs } from './session/tabs.ts'
import type { Tokens } from './session/tokens.ts'

/** How many exchanges «How it works» looks back on. */
const remembered = 50

/** The last exchanges with the API, newest first. In memory only. */
export const useExchanges = create<{ exchanges: Exchange[] }>()(() => ({ exchanges: [] }))

let protocol: Protocol

/** Tokens as the API is shown them: with proofs where they are bound to a key. */
function credentialOf(tokens: Tokens | undefined): Credential | undefined {
  if (!tokens) return undefined
  const { access: token, key } = tokens
  return key ? { token, prove: (request) => protocol.prove(key, token, request) } : { token }
}

/** The session of this tab; set by `connect`, before anything is shown that could use it. */
export let session: Session

/** Where people look after their account, at the auth server; set by `connect`. */
export let accountCentre: string

/** What was written a moment ago is read by every tab, also after a reload. Tokens of writes say nothing to whoever has them. */
const consistency = createConsistency({
  read: () => localStorage.getItem('alicerce.written'),
  write: (text) => localStorage.setItem('alicerce.written', text),
})

/** The API, as the person who is signed in. */
export const api = createApiClient({
  baseUrl: '/api',
  consistency,
  tokens: {
    current: async () => credentialOf(await session.goodTokens()),
    renew: async ({ token }) => credentialOf(await session.replaceTokens(token)),
  },
  onExchange: (exchange) =>
    useExchanges.setState(({ exchanges }) => ({ exchanges: [exchange, ...exchanges].slice(0, remembered) })),
})

/** Joins the session with the browser it runs in. Called once. */
export function connect(configuration: Configuration): void {
  accountCentre = new URL('/account', configuration.issuer).href
  protocol = createProtocol(configuration, location.origin)
  const tabs = createTabs({
    locks: navigator.locks,
    channel: new BroadcastChannel('alicerce.session'),
    held: () => useSession.getState().tokens,
    onSignOut: () => session.signedOutElsewhere(),
    monotonicNow: () => performance.now(),
  })
  useSession.subscribe(({ tokens }) => tabs.holds(tokens !== undefined))
  session = createSession({
    protocol,
    store: useSession,
    origin: location.origin,
    tabStorage: sessionStorage,
    sharedStorage: localStorage,
    tabs,
    leaveFor: (url) => location.assign(url),
    currentPath: () => location.pathname + location.search + location.hash,
    monotonicNow: () => performance.now(),
    now: () => Date.now(),
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
    timer = setTimeout(() => void session.goodTokens().finally(plan), wait)
  }
  useSession.subscribe(plan)
  addEventListener('online', plan)
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') plan()
  })
}
