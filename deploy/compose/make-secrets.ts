import { randomBytes } from 'node:crypto'
import { chmodSync, existsSync, mkdirSync, writeFileSync } from 'node:fs'

// Runs once, before everything else: makes every password and key of this installation and puts each into the volume of the container
// that needs it, so that none is in an image, in the compose file or in another container's sight. Volumes that have them are left alone.

const folder = process.env.SECRETS_FOLDER ?? '/secrets'
const done = `${folder}/postgres/made`
if (existsSync(done)) process.exit(0)

const secret = () => randomBytes(32).toString('base64url')
const passwords = {
  postgres: secret(),
  redis: secret(),
  auth_owner: secret(),
  auth_server: secret(),
  users_owner: secret(),
  user_service: secret(),
  orders_owner: secret(),
  order_service: secret(),
}
const databaseUrl = (role: keyof typeof passwords, database: string) =>
  `postgresql://${role}:${passwords[role]}@postgres:5432/${database}`
const redisUrl = `redis://:${passwords.redis}@redis:6379`

write('postgres', {
  'superuser-password': passwords.postgres,
  'provision.sql': provisionSql(),
})
write('redis', {
  'redis.conf': `bind * -::*\nprotected-mode no\nrequirepass ${passwords.redis}\nappendonly yes\ndir /data\n`,
})
write('auth-migrations', { 'migration-database-url': databaseUrl('auth_owner', 'auth') })
write('user-migrations', { 'migration-database-url': databaseUrl('users_owner', 'users') })
write('order-migrations', { 'migration-database-url': databaseUrl('orders_owner', 'orders') })
write('auth-server', {
  'database-url': databaseUrl('auth_server', 'auth'),
  'redis-url': redisUrl,
  'cookie-keys': `${secret()},${secret()}`,
  'key-encryption-key': secret(),
})
write('user-service', {
  'database-url': databaseUrl('user_service', 'users'),
  'redis-url': redisUrl,
  'cursor-key': secret(),
})
write('order-service', {
  'database-url': databaseUrl('order_service', 'orders'),
  'redis-url': redisUrl,
  'cursor-key': secret(),
})
write('api-gateway', { 'redis-url': redisUrl })
writeFileSync(done, '')

// Each container mounts its own folder alone and runs under its own user number: inside the volume the files are readable to all.
function write(container: string, files: Record<string, string>): void {
  mkdirSync(`${folder}/${container}`, { recursive: true })
  for (const [name, text] of Object.entries(files)) {
    writeFileSync(`${folder}/${container}/${name}`, text)
    chmodSync(`${folder}/${container}/${name}`, 0o444)
  }
}

/** A database, an owner who migrates and a runtime role for each service; nobody else may connect. */
function provisionSql(): string {
  const database = (name: string, owner: keyof typeof passwords, runtime: keyof typeof passwords) => `
CREATE ROLE ${owner} LOGIN PASSWORD '${passwords[owner]}';
CREATE ROLE ${runtime} LOGIN PASSWORD '${passwords[runtime]}';
CREATE DATABASE ${name} OWNER ${owner};
REVOKE ALL ON DATABASE ${name} FROM PUBLIC;
GRANT CONNECT ON DATABASE ${name} TO ${runtime};
\\connect ${name}
REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT ALL ON SCHEMA public TO ${owner};
GRANT USAGE ON SCHEMA public TO ${runtime};
ALTER DEFAULT PRIVILEGES FOR ROLE ${owner} IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO ${runtime};
ALTER DEFAULT PRIVILEGES FOR ROLE ${owner} IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO ${runtime};
`
  return [
    database('auth', 'auth_owner', 'auth_server'),
    database('users', 'users_owner', 'user_service'),
    database('orders', 'orders_owner', 'order_service'),
  ].join('\n')
}
