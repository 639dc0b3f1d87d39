import type { Page } from '@playwright/test'
import { target } from './target.ts'

/** Calls the API through the gateway as `token`'s bearer. */
export async function callApi(path: string, token?: string, init: RequestInit = {}): Promise<ApiAnswer> {
  const headers = new Headers(init.headers)
  if (token) headers.set('authorization', `Bearer ${token}`)
  const response = await fetch(`${target.webApp}${path}`, { ...init, headers })
  const text = await response.text()
  return {
    status: response.status,
    headers: response.headers,
    body: /json/.test(response.headers.get('content-type') ?? '') ? JSON.parse(text) : text,
  }
}

// biome-ignore lint/suspicious/noExplicitAny: the tests say what they expect of a body
type ApiAnswer = { status: number; headers: Headers; body: any }

/** The token response that the next redemption or refresh brings. */
export async function nextTokenResponse(
  page: Page,
): Promise<{ access_token: string; refresh_token: string; id_token: string }> {
  const response = await page.waitForResponse((response) => response.url() === `${target.issuer}/token`)
  return response.json()
}

/** The claims of a JWT, unverified. */
export function claimsOf(token: string): Record<string, unknown> {
  return JSON.parse(Buffer.from(token.split('.')[1] as string, 'base64url').toString())
}
