import type { LocalizedText, Money } from '@alicerce/api-client'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { Locale } from './index.ts'

/** Dates, money and texts in the language of the app. */
export function useFormat() {
  const { i18n } = useTranslation()
  return useMemo(() => createFormat(i18n.language as Locale), [i18n.language])
}

/** Writes values as people of `locale` do. */
export function createFormat(locale: Locale) {
  const day = new Intl.DateTimeFormat(locale, { dateStyle: 'medium' })
  const moment = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short' })
  const clock = new Intl.DateTimeFormat(locale, { timeStyle: 'medium' })
  const number = new Intl.NumberFormat(locale)
  const countries = new Intl.DisplayNames(locale, { type: 'region' })
  return {
    locale,
    text: (text: LocalizedText) => text[locale],
    money: ({ amount, currency }: Money) =>
      new Intl.NumberFormat(locale, { style: 'currency', currency }).format(amount / 100),
    date: (iso: string) => day.format(new Date(iso)),
    moment: (iso: string) => moment.format(new Date(iso)),
    clock: (epoch: number) => clock.format(epoch),
    number: (value: number) => number.format(value),
    milliseconds: (value: number) =>
      `${new Intl.NumberFormat(locale, { maximumFractionDigits: value < 10 ? 1 : 0 }).format(value)} ms`,
    country: (code: string) => countries.of(code) ?? code,
  }
}
