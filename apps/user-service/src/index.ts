export { createUserService } from './app.ts'
export { readUserServiceConfig, type UserServiceConfig } from './config.ts'
export { userServiceMigrations } from './migrations/index.ts'
