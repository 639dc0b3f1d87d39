import type { Profile, ProfileSummary } from '#src/domain/profile.ts'

/** Where the next page of a list begins: the sort value and the id of the last row seen. */
export type Position = { value: string; id: string }
/** One page, and where the next one begins. */
export type Page<Item> = { items: Item[]; next: Position | undefined; total: number }

export const profileSorts = ['name', '-createdAt'] as const
/** Which profiles, in which order. */
export type ProfileQuery = {
  search?: string
  role?: string
  status?: Profile['status']
  sort: (typeof profileSorts)[number]
  limit: number
  after?: Position
}

/** Profiles, read through the cache; lists come from the database. */
export type Profiles = {
  get(id: string): Promise<Profile | undefined>
  list(query: ProfileQuery): Promise<Page<ProfileSummary>>
}
