import type { ColumnType, Generated } from 'kysely'
import type { Profile } from '#src/domain/profile.ts'

type Time = ColumnType<Date, Date | string, Date | string>

type ProfileTable = {
  id: string
  email: string | null
  name: string
  roles: string[]
  status: Profile['status']
  locale: Profile['locale']
  phone: string | null
  address: ColumnType<NonNullable<Profile['address']> | null, string | null, string | null>
  created_at: Time
  updated_at: Time
  version: number
  /** `bigint`, which `pg` gives as text. */
  account_version: ColumnType<string, number | undefined, number>
  account_name: string | null
  account_locale: string | null
  sort_name: string
  search_text: string
}

type ProfileEventTable = {
  id: Generated<string>
  profile_id: string
  at: Time
  actor_id: string
  action: string
  trace_id: string | null
}

/** The tables of this service's database. Those of outbox and inbox are the packages' own. */
export type Tables = { profile: ProfileTable; profile_event: ProfileEventTable }
