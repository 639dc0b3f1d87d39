import { type Static, Type } from 'typebox'

/** A text in both languages of the shop. */
export type LocalizedText = Static<typeof LocalizedTextSchema>
export const LocalizedTextSchema = Type.Object(
  { en: Type.String(), 'pt-BR': Type.String() },
  { title: 'LocalizedText', additionalProperties: false },
)

/** The languages of the shop. */
export const locales = ['en', 'pt-BR'] as const
export type Locale = (typeof locales)[number]

/** Lower case without accents, single spaces: what search compares, so that `louca` finds `Louça`. */
export function foldText(text: string): string {
  return text
    .normalize('NFD')
    .replace(/\p{Diacritic}/gu, '')
    .toLowerCase()
    .replace(/\s+/g, ' ')
    .trim()
}
