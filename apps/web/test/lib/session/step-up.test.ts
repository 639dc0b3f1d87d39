import { ApiProblem } from '@alicerce/api-client'
import { expect, test } from 'vitest'
import { forgetDraft, keepDraft, keptDraft, stepUpOf } from '#src/lib/session/step-up.ts'
import { fakeStorage } from './fixtures.ts'

const problem = (status: number, code: string, more: object = {}) =>
  new ApiProblem(status, { title: 'No', status, code, ...more })

test('RS-17 only the problem that asks for a new sign-in is one', () => {
  const asked = { maxAge: 600, acrValues: ['two'] }
  expect(stepUpOf(problem(401, 'insufficient-user-authentication', asked))).toEqual(asked)
  expect(stepUpOf(problem(401, 'insufficient-user-authentication'))).toEqual({})
  expect(stepUpOf(problem(401, 'token-invalid', asked))).toBeUndefined()
  expect(stepUpOf(new Error('insufficient-user-authentication'))).toBeUndefined()
})

test('RS-17 what was typed comes back to the same form, once, and to no other', () => {
  const storage = fakeStorage()
  keepDraft(storage, { key: 'roles/1', value: ['support'] })
  expect(keptDraft(storage, 'roles/2')).toBeUndefined()
  expect(keptDraft(storage, 'roles/1')).toEqual(['support'])
  forgetDraft(storage)
  expect(keptDraft(storage, 'roles/1')).toBeUndefined()
  storage.setItem('alicerce.draft', '{')
  expect(keptDraft(storage, 'roles/1')).toBeUndefined()
})
