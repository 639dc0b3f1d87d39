import { expect } from 'vitest'
import type { MannersOptions } from './samples.ts'

/** An answer, read. */
export type Answer = { status: number; headers: Headers; text: string; body: Record<string, unknown> }

/** What a test sends. `token: null` sends none; without it the able person's is sent. */
export type Sending = {
  method?: string
  token?: string | null
  headers?: Record<string, string>
  json?: unknown
  text?: string
}

/** Sends requests as the able person. */
export type Send = (path: string, sending?: Sending) => Promise<Answer>

/** Makes the client of one suite. */
export function createClient({ service, tokens }: MannersOptions): Send {
  return async (path, { method = 'GET', token, headers, json, text } = {}) => {
    const bearer = token === undefined ? await tokens.able() : token
    const body = json === undefined ? text : JSON.stringify(json)
    const response = await fetch(new URL(path, service().url), {
      method,
      headers: {
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...(bearer && { authorization: `Bearer ${bearer}` }),
        ...headers,
      },
      ...(body !== undefined && { body }),
    })
    return readAnswer(response)
  }
}

/** Reads a response to its end. */
export async function readAnswer(response: Response): Promise<Answer> {
  const text = await response.text()
  const isJson = response.headers.get('content-type')?.includes('json')
  return {
    status: response.status,
    headers: response.headers,
    text,
    body: isJson && text ? JSON.parse(text) : {},
  }
}

/** Holds an answer against SV-01. */
export function expectProblem(answer: Answer, status: number): void {
  expect(answer.status, answer.text).toBe(status)
  expect(answer.headers.get('content-type')).toContain('application/problem+json')
  expect(answer.body).toMatchObject({
    status,
    type: expect.stringMatching(/^https:/),
    title: expect.stringMatching(/./),
    detail: expect.stringMatching(/./),
    code: expect.stringMatching(/^[a-z][a-z\d-]*$/),
    traceId: answer.headers.get('trace-id'),
  })
}

/** The places that a validation problem names. */
export function placesOf(answer: Answer): string[] {
  const errors = (answer.body.errors ?? []) as { pointer?: string; parameter?: string }[]
  return errors.map(({ pointer, parameter }) => pointer ?? parameter ?? '')
}
