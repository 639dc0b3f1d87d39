/** What is cached in the benchmarks: a row with a text that makes it as large as wanted. */
export type Row = { id: string; version: number; text: string }

/** Which levels a cache has: memory and Redis, as in use, or Redis alone, so that each read goes there. */
export type Levels = 'memory and Redis' | 'Redis'

/** How a cache is made for the benchmark. All subjects get the same. */
export type SubjectOptions = {
  redisUrl: string
  levels: Levels
  load(id: string): Promise<Row>
}

/** A cache under measurement, in its best documented settings. */
export type Subject = {
  read(id: string): Promise<unknown>
  /** Missing where the cache has no way to read many through a loader. */
  readMany?: (ids: string[]) => Promise<unknown>
  invalidate(id: string): Promise<unknown>
  close(): Promise<unknown>
}

/** How long entries live, milliseconds: longer than any benchmark. */
export const ttl = 600_000
