export { type Cache, type CacheOptions, createCache } from './cache.ts'
export type {
  CacheClass,
  Change,
  ClassOptions,
  LoadOptions,
  ReadManyOptions,
  ReadOptions,
} from './cache-class/cache-class.ts'
export { invalidationTopic } from './cache-class/invalidations.ts'
export { CacheError, type CacheErrorCode } from './errors.ts'
export type { Explanation } from './explain/explanation.ts'
export type { FirstLevelOptions } from './first-level/first-level.ts'
export type { BypassOptions } from './flight/bypass.ts'
export type { PolicyOptions } from './policy/policy.ts'
export type { CacheLog, Clock, OutboxPort, StartTimer } from './ports.ts'
export {
  type Acquired,
  type CacheStore,
  StoreUnavailable,
  type StoreWatch,
  type StoreWatcher,
  type Watermark,
} from './store/cache-store.ts'
export { type MemoryStoreOptions, memoryStore } from './store/memory-store.ts'
export { type RedisClusterStoreOptions, redisClusterStore } from './store/redis/cluster/cluster-store.ts'
export { type RedisStoreOptions, redisStore } from './store/redis/redis-store.ts'
export { tagInvalidation } from './tag-invalidation.ts'
export type { CacheEvent, CacheReadReport } from './telemetry/events.ts'
export type { CacheFigures } from './telemetry/figures.ts'
