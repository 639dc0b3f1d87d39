import type { Selectable } from 'kysely'
import { foldText, type Profile } from '#src/domain/profile.ts'
import type { Tables } from './schema.ts'

/** A profile from its row. */
export const profileOf = (row: Selectable<Tables['profile']>): Profile => ({
  id: row.id,
  email: row.email,
  name: row.name,
  roles: row.roles,
  status: row.status,
  locale: row.locale,
  ...(row.phone !== null && { phone: row.phone }),
  ...(row.address !== null && { address: row.address }),
  createdAt: row.created_at.toISOString(),
  updatedAt: row.updated_at.toISOString(),
  version: row.version,
})

/** A profile as a row. */
export const rowOf = (profile: Profile) => ({
  id: profile.id,
  email: profile.email,
  name: profile.name,
  roles: profile.roles,
  status: profile.status,
  locale: profile.locale,
  phone: profile.phone ?? null,
  address: profile.address ? JSON.stringify(profile.address) : null,
  created_at: profile.createdAt,
  updated_at: profile.updatedAt,
  version: profile.version,
  sort_name: foldText(profile.name),
  search_text: foldText(`${profile.name} ${profile.email ?? ''}`),
})
