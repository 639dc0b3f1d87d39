/** How many requests may follow each other before they have to wait: one rotation is answered for, and two more behind it. */
const burst = 3

/**
 * How often unknown key ids may cause a request to the issuer: once in each interval in the long run, and a few times at once after a quiet
 * time, so that a second rotation right behind the first is not refused (OpenID Connect Core §10.1.1).
 */
export function createRefetchAllowance(intervalMilliseconds: number): { take(now: number): boolean } {
  /** When all that was taken will have come back. */
  let fullAt = Number.NEGATIVE_INFINITY
  return {
    take(now) {
      if (fullAt - now > (burst - 1) * intervalMilliseconds) return false
      fullAt = Math.max(fullAt, now) + intervalMilliseconds
      return true
    },
  }
}
