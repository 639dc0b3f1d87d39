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
  /** Whose they are; undefined where the auth server gave no ID token. */
  subject: string | undefined
  /** The key that they are bound to (RFC 9449). The browser signs with it and shows it to nobody. */
  key?: CryptoKeyPair
}

/** Used where the auth server does not say how long its token lives. Seconds. */
const assumedLife = 60

/** Turns a token response into tokens. `previous` gives what a refresh does not repeat; `now` is `performance.now()`. */
export function tokensOf(
  response: TokenEndpointResponse,
  now: number,
  previous?: Pick<Tokens, 'key'> & Partial<Tokens>,
): Tokens {
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
    subject: subjectOf(response.id_token) ?? previous?.subject,
    ...(previous?.key && { key: previous.key }),
  }
}

/** Read from an ID token that was validated before. */
function subjectOf(idToken: string | undefined): string | undefined {
  const payload = idToken?.split('.')[1]?.replaceAll('-', '+').replaceAll('_', '/')
  return payload === undefined ? undefined : (JSON.parse(atob(payload)) as { sub: string }).sub
}

/** Those among `others` that are the same person's and live longer: another tab has fetched them already. */
export function newerOf(others: readonly Tokens[], tokens: Tokens): Tokens | undefined {
  return others
    .filter(({ access, subject }) => access !== tokens.access && subject === tokens.subject)
    .filter(({ renewAt }) => renewAt > tokens.renewAt)
    .sort((one, other) => other.renewAt - one.renewAt)[0]
}

/** The freshest, if they are all one person's. */
export function agreed(tokens: readonly Tokens[]): Tokens | undefined {
  const [freshest] = tokens.toSorted((one, other) => other.renewAt - one.renewAt)
  return tokens.every(({ subject }) => subject === freshest?.subject) ? freshest : undefined
}
