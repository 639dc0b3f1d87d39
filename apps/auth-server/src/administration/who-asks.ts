import type { FastifyRequest } from '@alicerce/service-kit'
import { clientAddress } from '#src/http/pin-address.ts'

/** Who calls the API and from where, for the audit trail. */
export type WhoAsks = (request: FastifyRequest) => { actor: string; address: string | undefined }

/** The caller is the token's, and his address that which a proxy of ours tells, else the connection's. */
export const createWhoAsks =
  (config: { TRUST_PROXY: boolean }): WhoAsks =>
  ({ caller, raw }) => ({
    actor: caller.sub,
    address: clientAddress(config, raw) ?? raw.socket.remoteAddress,
  })
