import type { ProfileRecords } from '#src/ports/profile-records.ts'
import { ProfileError } from './errors.ts'
import { type AccountState, nearestLocale, type Profile, type ProfileChanges } from './profile.ts'

/** What is known of somebody by his token alone. */
export type KnownByToken = { id: string; roles: readonly string[] }

/** A profile for somebody whose registration has not been heard of yet; the event completes it. */
export function profileFromToken({ id, roles }: KnownByToken, now: number): Profile {
  const at = new Date(now).toISOString()
  return {
    id,
    email: null,
    name: '',
    roles: [...roles],
    status: 'active',
    locale: 'en',
    createdAt: at,
    updatedAt: at,
    version: 1,
  }
}

/**
 * Replaces what a person says of himself. What he leaves out is removed.
 * @throws {ProfileError} `stale-version` if his copy is not the present one
 */
export async function changeOwnProfile(
  records: ProfileRecords,
  command: { caller: KnownByToken; changes: ProfileChanges; isCurrent: (version: number) => boolean },
  now: number,
): Promise<Profile> {
  const { caller, changes, isCurrent } = command
  const { profile } = await records.lockOrCreate(profileFromToken(caller, now))
  if (!isCurrent(profile.version)) throw new ProfileError({ code: 'stale-version', current: profile.version })
  const { phone: _phone, address: _address, ...kept } = profile
  const changed: Profile = {
    ...kept,
    ...changes,
    name: changes.name.trim(),
    updatedAt: new Date(now).toISOString(),
    version: profile.version + 1,
  }
  await records.save(changed)
  await records.recordChange({ profileId: profile.id, actorId: caller.id, action: 'profile.updated', now })
  return changed
}

/**
 * Takes over what an account event tells, unless something newer is known. A name or language that the person has chosen here stays,
 * until the account's own one changes.
 */
export async function followAccount(
  records: ProfileRecords,
  account: AccountState,
  now: number,
): Promise<void> {
  const blank = profileFromToken(account, now)
  const { profile, account: known } = await records.lockOrCreate({ ...blank, createdAt: account.createdAt })
  if (known.version >= account.version) return
  const changed: Profile = {
    ...profile,
    email: account.email,
    roles: [...account.roles],
    status: account.status,
    name: account.name === known.name ? profile.name : account.name,
    locale: account.locale === known.locale ? profile.locale : nearestLocale(account.locale),
    createdAt: new Date(account.createdAt).toISOString(),
    updatedAt: new Date(now).toISOString(),
    version: profile.version + 1,
  }
  await records.save(changed, account)
  await records.recordChange({ profileId: account.id, actorId: account.id, action: 'account.followed', now })
}

/** The account is deleted: what the person said of himself goes, and what is left is what the account's last event tells. */
export async function forgetPerson(
  records: ProfileRecords,
  account: AccountState,
  now: number,
): Promise<void> {
  const blank = profileFromToken(account, now)
  const { profile, account: known } = await records.lockOrCreate({ ...blank, createdAt: account.createdAt })
  if (known.version >= account.version) return
  const { phone: _phone, address: _address, ...kept } = profile
  const { email, name, status } = account
  const left = { ...kept, email, name, status, roles: [...account.roles] }
  await records.save(
    { ...left, updatedAt: new Date(now).toISOString(), version: profile.version + 1 },
    account,
  )
  await records.recordChange({ profileId: account.id, actorId: account.id, action: 'account.forgotten', now })
}
