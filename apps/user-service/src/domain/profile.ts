import { type Static, Type } from 'typebox'

/** The languages of the platform. */
const locales = ['en', 'pt-BR'] as const
const LocaleSchema = Type.Enum([...locales], { title: 'Locale', type: 'string' })

const accountStatuses = ['active', 'disabled'] as const
export const AccountStatusSchema = Type.Enum([...accountStatuses], { title: 'AccountStatus', type: 'string' })

/** Where somebody lives. */
const AddressSchema = Type.Object(
  {
    name: Type.String({ minLength: 1, maxLength: 120, pattern: '\\S' }),
    line1: Type.String({ minLength: 1, maxLength: 120, pattern: '\\S' }),
    line2: Type.Optional(Type.String({ maxLength: 120 })),
    postalCode: Type.String({ minLength: 2, maxLength: 16, pattern: '\\S' }),
    city: Type.String({ minLength: 1, maxLength: 80, pattern: '\\S' }),
    country: Type.String({ pattern: '^[A-Z]{2}$', description: 'ISO 3166-1 alpha-2, such as PT' }),
  },
  { title: 'Address', additionalProperties: false },
)

/** What a person may say of himself. */
export type ProfileChanges = Static<typeof ProfileChangesSchema>
export const ProfileChangesSchema = Type.Object(
  {
    name: Type.String({ minLength: 1, maxLength: 120, pattern: '\\S' }),
    locale: LocaleSchema,
    phone: Type.Optional(
      Type.String({ pattern: '^\\+?[0-9 ()-]{5,24}$', description: 'Such as +351 210 000 000' }),
    ),
    address: Type.Optional(AddressSchema),
  },
  { title: 'ProfileChanges', additionalProperties: false },
)

/** A person as the platform knows him. E-mail, roles and status are copies: they live where accounts do. */
export type Profile = Static<typeof ProfileSchema>
export const ProfileSchema = Type.Object(
  {
    id: Type.String(),
    email: Type.Union([Type.String(), Type.Null()], {
      description: 'null for the moment between a registration and its event',
    }),
    name: Type.String(),
    roles: Type.Array(Type.String()),
    status: AccountStatusSchema,
    locale: LocaleSchema,
    phone: Type.Optional(Type.String()),
    address: Type.Optional(AddressSchema),
    createdAt: Type.String({ format: 'date-time' }),
    updatedAt: Type.String({ format: 'date-time' }),
    version: Type.Integer({ minimum: 1 }),
  },
  { title: 'Profile', additionalProperties: false },
)

/** What a list shows of a person. */
export type ProfileSummary = Static<typeof ProfileSummarySchema>
export const ProfileSummarySchema = Type.Pick(
  ProfileSchema,
  ['id', 'email', 'name', 'roles', 'status', 'createdAt', 'version'],
  { title: 'ProfileSummary', additionalProperties: false },
)

/** An account as its events tell, newest version wins. */
export type AccountState = Static<typeof AccountStateSchema>
export const AccountStateSchema = Type.Object({
  id: Type.String(),
  email: Type.String(),
  name: Type.String(),
  locale: Type.String(),
  roles: Type.Array(Type.String()),
  status: AccountStatusSchema,
  createdAt: Type.String(),
  version: Type.Integer({ minimum: 1 }),
})

/** The nearest language of ours; English where none is near. */
export const nearestLocale = (tag: string): Profile['locale'] => (/^pt\b/i.test(tag) ? 'pt-BR' : 'en')

/** Lower case without accents, single spaces: what search compares, so that `simao` finds `Simão`. */
export function foldText(text: string): string {
  return text
    .normalize('NFD')
    .replace(/\p{Diacritic}/gu, '')
    .toLowerCase()
    .replace(/\s+/g, ' ')
    .trim()
}
