/** Why a profile was not changed. */
export type ProfileFault = { code: 'stale-version'; current: number }

/** What the domain refuses. Nothing was changed. */
export class ProfileError extends Error {
  override readonly name = 'ProfileError'
  readonly fault: ProfileFault

  constructor(fault: ProfileFault) {
    super(`The profile was not changed: ${fault.code}`)
    this.fault = fault
  }
}
