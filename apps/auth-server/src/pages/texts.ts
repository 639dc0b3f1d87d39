import type { Language } from './language.ts'
import { accountTexts } from './texts/account.ts'
import { consentTexts } from './texts/consent.ts'
import { deviceTexts } from './texts/device.ts'
import { errorsTexts } from './texts/errors.ts'
import { externalTexts } from './texts/external.ts'
import { mailTexts } from './texts/mail.ts'
import { registerTexts } from './texts/register.ts'
import { secondFactorsTexts } from './texts/second-factors.ts'
import { signInTexts } from './texts/sign-in.ts'
import { signOutTexts } from './texts/sign-out.ts'

const en = {
  ...accountTexts.en,
  ...consentTexts.en,
  ...deviceTexts.en,
  ...signOutTexts.en,
  ...errorsTexts.en,
  ...externalTexts.en,
  ...mailTexts.en,
  ...registerTexts.en,
  ...secondFactorsTexts.en,
  ...signInTexts.en,
}

/** Names of texts; every language has them all. */
export type TextKey = keyof typeof en

const ptBR: Record<TextKey, string> = {
  ...accountTexts['pt-BR'],
  ...consentTexts['pt-BR'],
  ...deviceTexts['pt-BR'],
  ...signOutTexts['pt-BR'],
  ...errorsTexts['pt-BR'],
  ...externalTexts['pt-BR'],
  ...mailTexts['pt-BR'],
  ...registerTexts['pt-BR'],
  ...secondFactorsTexts['pt-BR'],
  ...signInTexts['pt-BR'],
}

/** A text in a language, with `{name}` replaced by the values. */
export function text(language: Language, key: TextKey, values: Record<string, string | number> = {}): string {
  const template = (language === 'pt-BR' ? ptBR : en)[key]
  return template.replace(/\{(\w+)\}/g, (_, name: string) => String(values[name] ?? ''))
}
