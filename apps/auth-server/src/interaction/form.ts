import { createHmac, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage } from 'node:http'

const maximumBytes = 16 * 1024

/** A form that was sent, or undefined where it is too large or no form. */
export async function readForm(request: IncomingMessage): Promise<URLSearchParams | undefined> {
  if (!request.headers['content-type']?.startsWith('application/x-www-form-urlencoded')) return undefined
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request) {
    size += chunk.length
    if (size > maximumBytes) return undefined
    chunks.push(chunk)
  }
  return new URLSearchParams(Buffer.concat(chunks).toString())
}

/** The token that every form of an interaction carries (AS-35): nobody who does not know the interaction can make it. */
export const csrfToken = (key: string, interactionId: string) =>
  createHmac('sha256', key).update(`csrf\0${interactionId}`).digest('base64url')

/** Compared in constant time. */
export function isCsrfToken(key: string, interactionId: string, token: string | null): boolean {
  const expected = Buffer.from(csrfToken(key, interactionId))
  const given = Buffer.from(token ?? '')
  return given.length === expected.length && timingSafeEqual(given, expected)
}
