import type { AccessTokenClaims, Policy } from '@alicerce/access-tokens'
import type { Caller } from '#src/domain/transitions.ts'

/** Who may read orders: his own, or everybody's if he works here. */
export const readOrders: Policy = { scopes: ['orders:read'], user: true }
/** Who may order, and move orders. */
export const writeOrders: Policy = { scopes: ['orders:write'], user: true }

/** The caller as the domain knows him: by the subject of his token, and by nothing that he says himself. */
export const callerOf = ({ sub, roles }: AccessTokenClaims): Caller => ({ id: sub, roles })
