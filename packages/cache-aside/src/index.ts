export {
  type Cache,
  type CacheClass,
  type CacheOptions,
  type CacheReadReport,
  type ClassOptions,
  createCache,
  invalidationTopic,
  type OutboxPort,
} from './cache.ts'
export { CacheError } from './errors.ts'
export type { CacheStore } from './store/cache-store.ts'
export { memoryStore } from './store/memory-store.ts'
export { redisStore } from './store/redis-store.ts'
