import type { TokenEndpointResponse } from 'oauth4webapi'

/** The tokens of the person who is signed in. They live in this tab's memory and nowhere else. */
export type Tokens = {
  access: string
  refresh: string | undefined
  id: string | undefined
  /** On `performance.now()`'s clock, which no change of the computer's time touches. Milliseconds. */
  expiresAt: number
  /** When to fetch another one, ahead of the expiry. Same clock. */
  renewAt: number
  scopes: ReadonlySet<string>
}

/** Used where the auth server does not say how long its token lives. Seconds. */
const assumedLife = 60

/** Turns a token response into tokens. `previous` gives what a refresh does not repeat; `now` is `performance.now()`. */
export function tokensOf(response: TokenEndpointResponse, now: number, previous?: Tokens): Tokens {
  const life = (response.expires_in ?? assumedLife) * 1000
  return {
    access: response.access_token,
    refresh: response.refresh_token ?? previous?.refresh,
    id: response.id_token ?? previous?.id,
    expiresAt: now + life,
    // A fifth of its life before the end, at least a few seconds and at most a minute: time for a slow network.
    renewAt: now + life - Math.min(60_000, Math.max(5_000, life / 5)),
    scopes:
      response.scope === undefined ? (previous?.scopes ?? new Set()) : new Set(response.scope.split(' ')),
  }
}
