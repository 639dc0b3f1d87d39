import type { Source } from '../history/read-log.ts'
import type { Topology } from '../world/redis-side.ts'
import type { Points } from './points.ts'

/** How a writer says what has changed. */
export type InvalidateBy = 'key' | 'tag'

/** A cache on trial, with all that a service has around it. */
export type Subject = {
  /** The version that the cache answers, and where it says it has it from. */
  read(thing: number): Promise<{ version: number; source: Source }>
  readMany(things: readonly number[]): Promise<Map<number, { version: number; source: Source }>>
  /** Commits the next version of a thing. */
  write(thing: number, by: InvalidateBy): Promise<void>
  close(): Promise<void>
}

/** What a subject is made of. */
export type SubjectOptions = {
  databaseUrl: string
  topology: Topology
  /** The way to each server. */
  redisUrls: readonly string[]
  /** Whether it reads replicas, where there are any. In a cluster it looks for them all the time, and so hears of other primaries too. */
  readsReplicas: boolean
  /** How far the clock of this process is off, milliseconds. */
  clockError: number
  /** No read may miss what was committed longer ago, milliseconds. */
  bound: number
  points: Points
}

/** Things are in groups, which have a tag each. */
export const groups = 4
export const tagOf = (thing: number): string => `group-${thing % groups}`
