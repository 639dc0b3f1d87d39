import type { IncomingMessage } from 'node:http'
import type { Context } from 'koa'

/** The languages of the pages. */
export const languages = ['en', 'pt-BR'] as const
/** One of them, as in HTML's `lang`. */
export type Language = (typeof languages)[number]

const languageCookie = 'language'

/** Keeps the language that a person chose, for a year. */
export function keepLanguage(context: Context, wish: string | null): void {
  const chosen = languages.find((language) => language === wish) ?? 'en'
  context.cookies.set(languageCookie, chosen, {
    signed: false,
    httpOnly: true,
    sameSite: 'lax',
    maxAge: 365 * 24 * 3_600_000,
  })
}

/** The person's own choice, else what the client asked for (`ui_locales`), else the browser's languages. */
export function languageOf(
  context: { req: IncomingMessage; oidc?: { params?: Record<string, unknown> } },
  asked?: unknown,
): Language {
  const chosen = new RegExp(`(?:^|; )${languageCookie}=([^;]+)`).exec(context.req.headers.cookie ?? '')?.[1]
  const wishes = [chosen, asked ?? context.oidc?.params?.ui_locales, context.req.headers['accept-language']]
  for (const wish of wishes) {
    const found = typeof wish === 'string' ? firstKnown(wish) : undefined
    if (found) return found
  }
  return 'en'
}

function firstKnown(wish: string): Language | undefined {
  for (const tag of wish.toLowerCase().split(/[\s,]+/)) {
    if (tag.startsWith('pt')) return 'pt-BR'
    if (tag.startsWith('en')) return 'en'
  }
  return undefined
}
