import { expect, test } from 'vitest'
import { passwordFault } from '#src/accounts/password-rules.ts'

const of = { email: 'rita.ramos@example.com' }

test.each([
  ['short', 'passwordShort'],
  ['x'.repeat(257), 'passwordLong'],
  ['1234567890', 'passwordCommon'],
  ['qwertyuiop', 'passwordCommon'],
  ['Password2026!', 'passwordCommon'],
  ['ILOVEYOU....', 'passwordCommon'],
  ['aaaaaaaaaaaaaaaa', 'passwordCommon'],
  ['abababababab', 'passwordCommon'],
  ['Rita.Ramos@example.com', 'passwordCommon'],
  ['rita.ramos1990', 'passwordCommon'],
  ['ｐａｓｓｗｏｒｄ２０２６', 'passwordCommon'],
  ['dragon-2026-ção!', undefined],
  ['dragon日本語のことば', undefined],
])('%s is judged: %s', async (password, fault) => {
  expect(await passwordFault(password, of)).toBe(fault)
})

test.each([
  'quatro palavras seguidas',
  'correct horse battery staple',
  'a long password',
  '日本語のパスワードです',
])('%s is taken', async (password) => {
  expect(await passwordFault(password, of)).toBeUndefined()
})
