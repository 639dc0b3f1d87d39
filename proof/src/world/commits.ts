import type { Client } from 'pg'
import type { Commits } from '../history/judge.ts'
import { hostNow } from '../host-clock.ts'

/** What to add to PostgreSQL's time to get the host's. The shortest of some round trips says it within a fraction of a millisecond. */
export async function clockOffset(client: Client): Promise<number> {
  let best = { offset: 0, roundTrip: Number.POSITIVE_INFINITY }
  for (let sample = 0; sample < 30; sample++) {
    const before = hostNow()
    const { rows } = await client.query('select extract(epoch from clock_timestamp()) * 1000 as now')
    const after = hostNow()
    const roundTrip = after - before
    if (roundTrip < best.roundTrip) best = { offset: before + roundTrip / 2 - Number(rows[0].now), roundTrip }
  }
  return best.offset
}

/**
 * When every version was committed. PostgreSQL itself says so (`track_commit_timestamp`), also for commits whose answer nobody received;
 * a writer that was paused after its commit cannot make it look later.
 */
export async function commitsOf(client: Client, offset: number): Promise<Commits> {
  const { rows } = await client.query<{ thing: number; version: number; at: string }>(`
    select thing, version, extract(epoch from pg_xact_commit_timestamp(xmin)) * 1000 as at
    from versions order by thing, version`)
  const commits = new Map<number, number[]>()
  for (const { thing, version, at } of rows) {
    const ofThing = commits.get(thing) ?? []
    commits.set(thing, ofThing)
    if (ofThing.push(Number(at) + offset) !== version)
      throw new Error(`Version ${version} of ${thing} has no predecessor.`)
  }
  return commits
}
