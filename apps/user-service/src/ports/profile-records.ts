import type { AccountState, Profile } from '#src/domain/profile.ts'

/** The account's own words when its last event came; version 0 if none has come. */
type KnownAccount = { version: number; name: string | null; locale: string | null }

/** What the domain does to records within one transaction. */
export type ProfileRecords = {
  /** Keeps others from changing this profile until the end of the transaction; enters `blank` if there is none yet. */
  lockOrCreate(blank: Profile): Promise<{ profile: Profile; account: KnownAccount }>
  /** Writes a changed profile; `account`, where the change came from the account's event. */
  save(profile: Profile, account?: AccountState): Promise<void>
  /** Enters who changed what, for good. */
  recordChange(change: { profileId: string; actorId: string; action: string; now: number }): Promise<void>
}

/** Runs `work` in one transaction. */
export type ProfileTransactions = { run<R>(work: (records: ProfileRecords) => Promise<R>): Promise<R> }
