import type { LocalizedText, Money } from '@alicerce/api-client'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { Locale } from './index.ts'

/** Dates, money and texts in the language of the app. */
export function useFormat() {
  const { i18n } = useTranslation()
  return useMemo(() => createFormat(i18n.language as Locale), [i18n.language])
}

const units = [
  ['minute', 60_000],
  ['second', 1000],
  ['millisecond', 1],
] as const

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
    /** How often a second: two digits behind the point where there are few. */
    rate: (value: number) =>
      new Intl.NumberFormat(locale, { maximumFractionDigits: value < 10 ? 2 : 0 }).format(value),
    /** Of the numbers from 0 to 1. */
    share: (value: number) =>
      new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 1 }).format(value),
    milliseconds: (value: number) =>
      `${new Intl.NumberFormat(locale, { maximumFractionDigits: value < 10 ? 1 : 0 }).format(value)} ms`,
    /** A time that somebody has chosen, in the unit that has few digits. */
    duration: (value: number) => {
      const [unit, length] =
        units.find((each) => value >= each[1] && value % (each[1] / 10) === 0) ?? units[2]
      return new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'short' }).format(
        value / length,
      )
    },
    /** A time that passes: in seconds, with a digit behind the point where there are few. */
    seconds: (value: number) =>
      new Intl.NumberFormat(locale, {
        ...{ style: 'unit', unit: 'second', unitDisplay: 'short' },
        maximumFractionDigits: value < 10_000 ? 1 : 0,
      }).format(value / 1000),
    bytes: (value: number) =>
      new Intl.NumberFormat(locale, {
        ...{ style: 'unit', unitDisplay: 'short', maximumFractionDigits: 1 },
        unit: value < 1_000_000 ? 'kilobyte' : 'megabyte',
      }).format(value / (value < 1_000_000 ? 1000 : 1_000_000)),
    country: (code: string) => countries.of(code) ?? code,
  }
}
