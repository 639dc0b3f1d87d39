export type { ActiveSubscription, DomainEvent, EventBus, EventSubscription, Log, Retry } from './event-bus.ts'
export { createInProcessEventBus } from './in-process.ts'
export { createRedisEventBus, type RedisEventBusOptions } from './redis.ts'
