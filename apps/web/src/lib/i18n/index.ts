import i18next from 'i18next'
import { initReactI18next } from 'react-i18next'
import { english } from './en.ts'
import { portuguese } from './pt-br.ts'

/** The languages of the app. */
export const locales = ['en', 'pt-BR'] as const
export type Locale = (typeof locales)[number]

const storageKey = 'alicerce.locale'

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'translation'
    resources: { translation: typeof english }
  }
}

/** The language to begin with: chosen in this browser, else the first of the browser's that we have, else English. */
function initialLocale(): Locale {
  const wanted = [localStorage.getItem(storageKey), ...navigator.languages]
  const found = wanted.find((tag) => tag && /^(en|pt)\b/i.test(tag))
  return found && /^pt\b/i.test(found) ? 'pt-BR' : 'en'
}

/** Prepares i18next; ready when it returns, since both languages come with the app. */
export function startTranslation(): void {
  void i18next.use(initReactI18next).init({
    resources: { en: { translation: english }, 'pt-BR': { translation: portuguese } },
    lng: initialLocale(),
    fallbackLng: false,
    // React escapes what it shows.
    interpolation: { escapeValue: false },
    initAsync: false,
  })
  document.documentElement.lang = i18next.language
}

/** Shows the app in `locale` from now on, in this browser. */
export async function chooseLocale(locale: Locale): Promise<void> {
  localStorage.setItem(storageKey, locale)
  document.documentElement.lang = locale
  await i18next.changeLanguage(locale)
}
