import { afterEach, expect, test, vi } from 'vitest'
import { createTabs } from '#src/lib/session/tabs.ts'
import type { Tokens } from '#src/lib/session/tokens.ts'

const channels: BroadcastChannel[] = []
afterEach(() => {
  for (const channel of channels.splice(0)) channel.close()
})

/** Tabs on the real locks and the real channel of this process, each with a clock of its own. */
function openTab(clock = 0) {
  const tab: { tokens?: Tokens } = {}
  const channel = new BroadcastChannel('alicerce.test')
  channels.push(channel)
  const onSignOut = vi.fn()
  const tabs = createTabs({
    ...{ locks: navigator.locks, channel, held: () => tab.tokens, onSignOut, monotonicNow: () => clock },
  })
  const hold = async (tokens: Tokens | undefined) => {
    if (tokens) tab.tokens = tokens
    else delete tab.tokens
    tabs.holds(tokens !== undefined)
    // The lock is granted, or given back, a moment later.
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  return { tabs, hold, onSignOut, close: () => channel.close() }
}

const tokens = (access: string, changes: Partial<Tokens> = {}): Tokens => ({
  ...{ access, refresh: 'refresh', id: undefined, subject: 'clara', scopes: new Set(['openid']) },
  ...{ expiresAt: 1300, renewAt: 1240, ...changes },
})

test('SPA-05 a tab is asked where it holds tokens; times are those of the one who asks', async () => {
  const [one, two, three] = [openTab(1000), openTab(50_000), openTab()]
  expect(await three.tabs.ask()).toEqual([])
  await one.hold(tokens('a'))
  await two.hold(tokens('b', { expiresAt: 50_300, renewAt: 50_240 }))
  const answers = await three.tabs.ask()
  expect(answers.map(({ access }) => access).sort()).toEqual(['a', 'b'])
  for (const answer of answers)
    expect(answer).toMatchObject({ expiresAt: 300, renewAt: 240, subject: 'clara' })
  expect(answers[0]?.scopes.has('openid')).toBe(true)
  expect((await one.tabs.ask()).map(({ access }) => access)).toEqual(['b'])
  await two.hold(undefined)
  expect((await three.tabs.ask()).map(({ access }) => access)).toEqual(['a'])
  await one.hold(undefined)
})

test('SPA-05 a tab that does not answer is not waited for', async () => {
  const [frozen, other] = [openTab(), openTab()]
  await frozen.hold(tokens('a'))
  frozen.close()
  expect(await other.tabs.ask()).toEqual([])
  await frozen.hold(undefined)
})

test('SPA-05 a key goes from tab to tab, and out of none of them', async () => {
  const key = (await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, false, [
    'sign',
  ])) as CryptoKeyPair
  const [one, two] = [openTab(), openTab()]
  await one.hold(tokens('a', { key }))
  const [answer] = await two.tabs.ask()
  const received = answer?.key?.privateKey as CryptoKey
  expect(received.extractable).toBe(false)
  await expect(crypto.subtle.exportKey('jwk', received)).rejects.toThrow()
  await crypto.subtle.sign({ name: 'ECDSA', hash: 'SHA-256' }, received, new Uint8Array(1))
  await one.hold(undefined)
})

test('SPA-05 tabs work in turn', async () => {
  const tabs = [openTab(), openTab(), openTab()]
  let working = 0
  await Promise.all(
    tabs.map((tab) =>
      tab.tabs.inTurn(async () => {
        expect(++working).toBe(1)
        await new Promise((resolve) => setTimeout(resolve, 5))
        working--
      }),
    ),
  )
})

test('SPA-08 a sign-out is heard by the others', async () => {
  const [one, two] = [openTab(), openTab()]
  one.tabs.announceSignOut()
  await vi.waitFor(() => expect(two.onSignOut).toHaveBeenCalledOnce())
  expect(one.onSignOut).not.toHaveBeenCalled()
})
