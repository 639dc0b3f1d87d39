import type { Database } from '@alicerce/database'
import type { ServiceCache } from '@alicerce/service-kit'
import { type RawBuilder, type SqlBool, sql } from 'kysely'
import { foldText, ProfileSchema, type ProfileSummary } from '#src/domain/profile.ts'
import type { Page, Position, ProfileQuery, Profiles } from '#src/ports/profiles.ts'
import { profileOf } from './rows.ts'
import type { Tables } from './schema.ts'

/** The cached reads of profiles. */
export function defineProfileCache(cache: ServiceCache<Tables>, { query }: Database<Tables>) {
  return cache.define({
    name: 'profile',
    schema: ProfileSchema,
    ttl: 600_000,
    version: ({ version }) => version,
    async load(id) {
      const row = await query.selectFrom('profile').selectAll().where('id', '=', id).executeTakeFirst()
      return row && profileOf(row)
    },
  })
}

/** The cached reads of profiles. */
export type ProfileCache = ReturnType<typeof defineProfileCache>

/** Profiles on PostgreSQL, single ones through the cache. */
export function createProfiles(parts: { database: Database<Tables>; cache: ProfileCache }): Profiles {
  return {
    get: (id) => parts.cache.get(id),
    list: (query) => findProfiles(parts.database, query),
  }
}

/** Text is sorted byte by byte, the same on every server; ties are broken by `id`. */
const orderings = {
  name: { sorted: sql`sort_name collate "C"`, type: 'text', direction: 'asc', after: '>' },
  '-createdAt': { sorted: sql`created_at`, type: 'timestamptz', direction: 'desc', after: '<' },
} as const

type Ordering = (typeof orderings)[keyof typeof orderings]

/** The rows that come after `position`, whatever was inserted or deleted meanwhile. */
const isAfter = ({ sorted, type, after }: Ordering, { value, id }: Position): RawBuilder<SqlBool> =>
  sql`(${sorted}, id) ${sql.raw(after)} (${value}::${sql.raw(type)}, ${id})`

async function findProfiles(database: Database<Tables>, wanted: ProfileQuery): Promise<Page<ProfileSummary>> {
  const ordering = orderings[wanted.sort]
  const direction = sql.raw(ordering.direction)
  const matching = matchingProfiles(database, wanted)
  const [rows, counted] = await Promise.all([
    matching
      .selectAll()
      .$if(wanted.after !== undefined, (page) => page.where(isAfter(ordering, wanted.after as Position)))
      .orderBy(sql`${ordering.sorted} ${direction}`)
      .orderBy(sql`id ${direction}`)
      .limit(wanted.limit + 1)
      .execute(),
    matching.select(({ fn }) => fn.countAll().as('count')).executeTakeFirstOrThrow(),
  ])
  const items = rows.slice(0, wanted.limit)
  const last = rows.length > wanted.limit ? items.at(-1) : undefined
  const value = wanted.sort === 'name' ? last?.sort_name : last?.created_at.toISOString()
  return {
    items: items.map(profileOf).map(summaryOf),
    next: last && value !== undefined ? { value, id: last.id } : undefined,
    total: Number(counted.count),
  }
}

function matchingProfiles({ query }: Database<Tables>, { search, role, status }: ProfileQuery) {
  const text = foldText(search ?? '')
  const pattern = `%${text.replace(/[\\%_]/g, '\\$&')}%`
  return query
    .selectFrom('profile')
    .$if(text !== '', (profiles) => profiles.where('search_text', 'like', pattern))
    .$if(role !== undefined, (profiles) => profiles.where(sql<SqlBool>`roles @> array[${role}]`))
    .$if(status !== undefined, (profiles) => profiles.where('status', '=', status as 'active' | 'disabled'))
}

const summaryOf = ({
  id,
  email,
  name,
  roles,
  status,
  createdAt,
  version,
}: ProfileSummary): ProfileSummary => ({
  id,
  email,
  name,
  roles,
  status,
  createdAt,
  version,
})
