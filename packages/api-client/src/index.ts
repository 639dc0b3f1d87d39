export { ApiProblem, type ProblemFault } from './api-problem.ts'
export { type ApiClient, type Credential, createApiClient, type TokenSource } from './client.ts'
export { type Consistency, createConsistency, type TokenStorage } from './consistency.ts'
export type { Exchange } from './exchange.ts'
export {
  type CacheStatusEntry,
  parseCacheStatus,
  parseServerTiming,
  type ServerTimingEntry,
} from './timing.ts'
export type * from './types.ts'
