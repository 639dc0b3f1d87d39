import type { Profile } from '@alicerce/api-client'
import { emptyAddress } from '../../components/address.tsx'

/** What the form of the profile holds while it is edited. */
export type Draft = Pick<Profile, 'name' | 'locale'> & {
  phone: string
  address: NonNullable<Profile['address']>
}

/** The form, filled with a profile. */
export function draftOf({ name, locale, phone = '', address }: Profile): Draft {
  return { name, locale, phone, address: { ...emptyAddress, name, ...address } }
}
