import pg from 'pg'

/** A statement is kept when it comes for the time so many-th time: one that is made for one occasion never. */
const comesAgain = 5
/** At most so many statements are kept: each costs PostgreSQL memory in every connection. */
const mostKept = 200
/** And so many are counted; then counting begins anew. */
const mostCounted = 2000

/**
 * What must not be kept. `*`: its columns are fixed when it is prepared, and after a migration that adds one PostgreSQL would refuse it. The others: how
 * they are done best depends on their values, which a kept plan does not look at.
 */
const unfit = /\*|\blimit\b|\b(?:i?like)\b|~|\bin \(/i

/**
 * Gives names to statements that come again and again, by which each connection keeps them prepared: PostgreSQL then neither parses nor plans them anew,
 * which takes it three times as long as doing them. The text stays what it was, so nothing but time changes.
 */
export function createStatementNames(): (text: string) => string | undefined {
  const counts = new Map<string, number>()
  const names = new Map<string, string | undefined>()
  return (text) => {
    if (names.has(text)) return names.get(text)
    const count = (counts.get(text) ?? 0) + 1
    if (count < comesAgain || names.size >= mostKept) {
      if (counts.size >= mostCounted) counts.clear()
      counts.set(text, count)
      return undefined
    }
    counts.delete(text)
    names.set(text, unfit.test(text) ? undefined : `kept-${names.size}`)
    return names.get(text)
  }
}

/** The connections of one pool, which agree on the names. */
export function keepingClient(): new () => pg.Client {
  const nameOf = createStatementNames()
  return class extends pg.Client {
    // biome-ignore lint/suspicious/noExplicitAny: the driver overloads it six times; a pool and Kysely call it by text and values
    override query(text: any, values?: any, callback?: any): any {
      // Without values (`begin`, `commit`) there is nothing to plan.
      const name = typeof text === 'string' && values?.length > 0 ? nameOf(text) : undefined
      return name ? super.query({ name, text, values }, callback) : super.query(text, values, callback)
    }
  }
}
