export { createAuthServer } from './app.ts'
export { type AuthServerConfig, readAuthServerConfig } from './config.ts'
export { authServerMigrations } from './migrations/index.ts'
export { seedAuthServer } from './seed.ts'
