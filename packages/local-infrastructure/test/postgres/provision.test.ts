import { chmodSync } from 'node:fs'
import { expect, test } from 'vitest'
import { type DatabaseRole, databases, provisionDatabases } from '#src/index.ts'
import { query, start, temporaryFolder } from '../fixtures.ts'

const passwordsOf = (prefix: string) =>
  Object.fromEntries(
    Object.values(databases).flatMap(({ owner, runtime }) =>
      [owner, runtime].map((role) => [role, `${prefix}'${role}`]),
    ),
  ) as Record<DatabaseRole, string>

test('each service reaches its own database only, and cannot change its tables', async () => {
  const folder = temporaryFolder()
  chmodSync(folder, 0o755)
  const postgres = await start(folder)
  const passwords = passwordsOf('first')
  await provisionDatabases(postgres.superuserUrl, passwords)
  const url = (database: string, role: DatabaseRole) => postgres.url(database, role, passwords[role])

  await query(
    url('orders', 'orders_owner'),
    'create table orders (id bigint generated always as identity, note text)',
  )
  await query(url('orders', 'order_service'), `insert into orders (note) values ('mine')`)
  await query(url('orders', 'order_service'), `update orders set note = 'changed'; delete from orders`)

  await expect(query(url('orders', 'order_service'), 'create table more ()')).rejects.toThrow(
    'permission denied',
  )
  await expect(query(url('orders', 'order_service'), 'truncate orders')).rejects.toThrow('permission denied')
  await expect(query(url('orders', 'order_service'), 'create temporary table t ()')).rejects.toThrow(
    'permission denied',
  )
  await expect(query(url('users', 'order_service'), 'select 1')).rejects.toThrow(
    'permission denied for database',
  )
  await expect(query(url('orders', 'users_owner'), 'select 1')).rejects.toThrow(
    'permission denied for database',
  )
  await expect(query(url('postgres', 'order_service'), 'select 1')).rejects.toThrow(
    'permission denied for database',
  )

  const changed = passwordsOf('second')
  await provisionDatabases(postgres.superuserUrl, changed)
  await expect(query(url('orders', 'order_service'), 'select 1')).rejects.toThrow('authentication failed')
  const { rowCount } = await query(
    postgres.url('orders', 'order_service', changed.order_service),
    'select from orders',
  )
  expect(rowCount).toBe(0)
})
