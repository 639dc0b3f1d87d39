import { Type } from 'typebox'

/** What a person may be. */
export const accountRoles = ['customer', 'support', 'administrator'] as const
/** One of the roles. */
export type AccountRole = (typeof accountRoles)[number]
/** A disabled account cannot sign in, and its tokens are dead. */
export type AccountStatus = 'active' | 'disabled'

/** An account, without its password. */
export type Account = {
  id: string
  email: string
  /** Whether it is known that the address is its person's. */
  emailVerified: boolean
  name: string
  locale: string
  roles: AccountRole[]
  status: AccountStatus
  version: number
  createdAt: string
  lastSignInAt: string | null
}

/** An account as administrators get it. */
export const AccountSchema = Type.Object(
  {
    id: Type.String({ format: 'uuid' }),
    email: Type.String(),
    emailVerified: Type.Boolean(),
    name: Type.String(),
    roles: Type.Array(Type.Enum([...accountRoles], { title: 'AccountRole', type: 'string' })),
    status: Type.Enum(['active', 'disabled'], { title: 'AccountStatus', type: 'string' }),
    createdAt: Type.String({ format: 'date-time' }),
    lastSignInAt: Type.Union([Type.String({ format: 'date-time' }), Type.Null()]),
    version: Type.Integer(),
  },
  { title: 'Account', additionalProperties: false },
)
