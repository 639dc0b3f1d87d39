import type { Provider } from 'oidc-provider'
import { expect, test } from 'vitest'
import { HashingBusyError } from '#src/accounts/passwords.ts'
import type { InteractionParts } from '#src/interaction/interactions.ts'
import { signIn } from '#src/interaction/sign-in.ts'
import type { InteractionRequest } from '#src/interaction/steps.ts'

/** A right password of an account whose hash is out of date; `stillActive` is what the account is once the password was looked at. */
function attempt(stillActive: boolean) {
  const finished: unknown[] = []
  const insert = { insertInto: () => ({ values: () => ({ execute: async () => undefined }) }) }
  const account = { id: 'a', status: 'active', passwordHash: 'old' }
  const parts = {
    config: { DEMO_ACCOUNTS: false },
    externalProviders: [],
    throttle: { attempt: async () => 0, clear: async () => undefined },
    accounts: { findByEmail: async () => account, notePasswordSignIn: async () => stillActive },
    secondFactors: { of: async () => [], passkeys: { signInOptions: async () => ({}) } },
    passwords: {
      verify: async () => true,
      isOutdated: () => true,
      hash: async () => {
        throw new HashingBusyError('Too many passwords are being checked')
      },
    },
    database: {
      query: insert,
      transaction: (work: (tx: unknown) => Promise<unknown>) => work({ query: insert }),
    },
  } as unknown as InteractionParts
  const context = { req: {}, res: {}, set: () => undefined, status: 200, body: '' }
  const provider = {
    interactionFinished: async (_request: unknown, _response: unknown, result: unknown) =>
      finished.push(result),
  } as unknown as Provider
  const request = {
    provider,
    details: { prompt: { details: {} } },
    context,
    form: new URLSearchParams({ email: 'ana@example.com', password: 'right' }),
    address: '127.0.0.1',
    options: { language: 'en', base: '/interaction/x', csrfToken: 'x', client: 'x' },
  } as unknown as InteractionRequest
  return { finished, context, run: () => signIn(request, parts) }
}

test('a right password signs in although there is no time to hash it anew', async () => {
  const { finished, run } = attempt(true)
  await run()
  expect(finished).toEqual([{ login: { accountId: 'a', amr: ['pwd'], acr: 'urn:alicerce:acr:one-factor' } }])
})

test('an account that was disabled while its password was looked at is refused like any other', async () => {
  const { finished, context, run } = attempt(false)
  await run()
  expect(finished).toEqual([])
  expect([context.status, context.body]).toEqual([400, expect.stringContaining('do not belong together')])
})
