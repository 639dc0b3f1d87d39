import type { Tokens } from './tokens.ts'

/** The other tabs of this app in this browser. What they hold stays in memory: it goes from tab to tab and through no storage. */
export type Tabs = {
  /** Runs `work` while no other tab runs its own. */
  inTurn<T>(work: () => Promise<T>): Promise<T>
  /** The tokens that other tabs hold. */
  ask(): Promise<Tokens[]>
  /** Tells the others that nobody is signed in any more. */
  announceSignOut(): void
  /** Called when this tab comes to hold tokens, and when it holds none any more: only who holds some is asked. */
  holds(tokens: boolean): void
}

/** What the tabs are joined by; a test gives its own. */
export type TabsParts = {
  locks: Pick<LockManager, 'request' | 'query'>
  channel: Pick<BroadcastChannel, 'postMessage' | 'addEventListener'>
  /** What this tab holds. */
  held(): Tokens | undefined
  onSignOut(): void
  /** `performance.now`, which is another clock in each tab. */
  monotonicNow(): number
}

type Message = 'signed-out' | { ask: string } | { answer: string; tokens: SentTokens }
/** Tokens on their way to another tab: times as milliseconds from now. */
type SentTokens = Omit<Tokens, 'expiresAt' | 'renewAt'> & { expiresIn: number; renewIn: number }

const turn = 'alicerce.session.turn'
const presence = 'alicerce.session.holds-tokens'
/** A tab that the browser has frozen does not answer. Milliseconds. */
const patience = 1000

/** Joins the tabs by Web Locks, which the browser itself keeps, so that they are right whatever a tab does, and a broadcast channel. */
export function createTabs({ locks, channel, held, onSignOut, monotonicNow }: TabsParts): Tabs {
  const waiting = new Map<string, (tokens: Tokens) => void>()
  let leave: (() => void) | undefined
  let isPresent = false

  const post = (message: Message) => channel.postMessage(message)

  channel.addEventListener('message', ({ data }: MessageEvent<Message>) => {
    if (data === 'signed-out') return onSignOut()
    if ('ask' in data) {
      const tokens = held()
      if (tokens) post({ answer: data.ask, tokens: send(tokens, monotonicNow()) })
    } else waiting.get(data.answer)?.(receive(data.tokens, monotonicNow()))
  })

  async function countOthers(): Promise<number> {
    const { held: all = [] } = await locks.query()
    return all.filter(({ name }) => name === presence).length - (isPresent ? 1 : 0)
  }

  return {
    inTurn: (work) => locks.request(turn, work),
    async ask() {
      const others = await countOthers()
      if (others <= 0) return []
      const id = crypto.randomUUID()
      const answers: Tokens[] = []
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, patience)
        waiting.set(id, (tokens) => {
          answers.push(tokens)
          if (answers.length < others) return
          clearTimeout(timer)
          resolve()
        })
        post({ ask: id })
      })
      waiting.delete(id)
      return answers
    },
    announceSignOut: () => post('signed-out'),
    holds(tokens) {
      if (!tokens) {
        leave?.()
        leave = undefined
      } else if (!leave) {
        const { promise, resolve } = Promise.withResolvers<void>()
        leave = resolve
        void locks.request(presence, { mode: 'shared' }, async () => {
          isPresent = true
          await promise
          isPresent = false
        })
      }
    },
  }
}

const send = ({ expiresAt, renewAt, ...tokens }: Tokens, now: number): SentTokens => ({
  ...{ ...tokens, expiresIn: expiresAt - now, renewIn: renewAt - now },
})

const receive = ({ expiresIn, renewIn, ...tokens }: SentTokens, now: number): Tokens => ({
  ...{ ...tokens, expiresAt: now + expiresIn, renewAt: now + renewIn },
})
