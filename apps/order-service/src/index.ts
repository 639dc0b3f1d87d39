export { createOrderService } from './app.ts'
export { type OrderServiceConfig, readOrderServiceConfig } from './config.ts'
export { orderServiceMigrations } from './migrations/index.ts'
export { seedOrderService } from './seed.ts'
