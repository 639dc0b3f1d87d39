import type { AccountRole } from './account.ts'

/** The password of all demo accounts. */
export const demoPassword = 'alicerce-demo'

/** Accounts for trying the platform: everybody knows them, so they exist only where DEMO_ACCOUNTS says so. */
export const demoAccounts: { id: string; email: string; name: string; roles: AccountRole[] }[] = [
  {
    id: '00000000-0000-7000-8000-000000000001',
    email: 'customer@alicerce.test',
    name: 'Clara Costa',
    roles: ['customer'],
  },
  {
    id: '00000000-0000-7000-8000-000000000002',
    email: 'support@alicerce.test',
    name: 'Simão Silva',
    roles: ['customer', 'support'],
  },
  {
    id: '00000000-0000-7000-8000-000000000003',
    email: 'admin@alicerce.test',
    name: 'Ana Almeida',
    roles: ['customer', 'administrator'],
  },
]
