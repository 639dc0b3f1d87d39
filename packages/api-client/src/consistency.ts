/** In answers to writes, and then in what is read: see `consistency` of the services' kit. */
const header = 'consistency-token'

/** Longer than the two seconds for which a cache may miss what was committed, with room for a clock that is set. */
const keptMilliseconds = 10_000
/** What fits into the headers of a request beside everything else. Only a program writes so much in ten seconds. */
const mostCharacters = 4096

/** Where tokens are kept: all that read what was written, such as the tabs of a browser, have the same. */
export type TokenStorage = { read(): string | null; write(text: string): void }

type Kept = { token: string; until: number }

/** Keeps the tokens of what was written, and shows them with what is read. */
export type Consistency = {
  /** The tokens of a request that leaves now. */
  show(request: Request): void
  /** An answer has come. */
  keep(response: Response): void
}

/** Whoever writes reads what he wrote, for as long as caches may be behind. `now`: time of day, milliseconds. */
export function createConsistency(storage: TokenStorage, now: () => number = Date.now): Consistency {
  const held = () =>
    keptIn(storage.read()).filter(({ until }) => until > now() && until <= now() + keptMilliseconds)
  return {
    show(request) {
      const tokens = held().map(({ token }) => token)
      if (tokens.length > 0) request.headers.set(header, tokens.join(', '))
    },
    keep(response) {
      const token = response.headers.get(header)
      if (!token) return
      const newest = { token, until: now() + keptMilliseconds }
      const kept = fitting([newest, ...held().filter((other) => other.token !== token)])
      try {
        storage.write(JSON.stringify(kept))
      } catch {
        // No room in the browser's storage: what was written is written all the same.
      }
    },
  }
}

/** Newest first, as many as fit. */
function fitting(tokens: Kept[]): Kept[] {
  let characters = 0
  return tokens.filter(({ token }) => {
    characters += token.length + 2
    return characters <= mostCharacters
  })
}

/** Others may write there too: what is not ours is nothing. */
function keptIn(text: string | null): Kept[] {
  try {
    const kept = JSON.parse(text ?? '[]')
    return Array.isArray(kept)
      ? kept.filter((each) => typeof each?.token === 'string' && typeof each.until === 'number')
      : []
  } catch {
    return []
  }
}
