import { expect, test } from 'vitest'
import { expectProblem, type Send } from './client.ts'
import type { MannersOptions } from './samples.ts'

/** Who may come in, and what is written of it: SV-21, 22, 32. */
export function identityManners({ tokens, protectedPath, logText }: MannersOptions, send: Send): void {
  test('SV-22 without a token → 401 with a challenge', async () => {
    const answer = await send(protectedPath, { token: null })
    expectProblem(answer, 401)
    expect(answer.headers.get('www-authenticate')).toMatch(/^Bearer/)
  })

  for (const [fault, token] of Object.entries(tokens.refused)) {
    test(`SV-22 a token with a wrong ${fault} → 401 with a challenge`, async () => {
      const answer = await send(protectedPath, { token: await token() })
      expectProblem(answer, 401)
      expect(answer.headers.get('www-authenticate')).toContain('error="invalid_token"')
    })
  }

  test('SV-21 a missing permission → 403 that names it', async () => {
    const answer = await send(protectedPath, { token: await tokens.powerless() })
    expectProblem(answer, 403)
    expect(answer.body.scope ?? answer.body.roles).toBeTruthy()
  })

  test('SV-32 no token gets into the log', async () => {
    const planted = [await tokens.able(), await tokens.powerless()]
    for (const token of planted) await send(protectedPath, { token })
    for (const token of planted) expect(logText()).not.toContain(token)
  })
}
