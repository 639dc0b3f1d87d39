export { AccessTokenError, type AccessTokenErrorCode } from './access-token-error.ts'
export { type Authenticator, type CallingRequest, createAuthenticator } from './authenticator.ts'
export type { AccessTokenClaims } from './claims.ts'
export { createKeySet, type KeySet, type KeySetOptions } from './key-set.ts'
export { evaluatePolicy, type Policy, type PolicyDecision, type PolicyDenial } from './policy.ts'
export type { Clock, Fetch, Log } from './ports.ts'
export { createRedisUsedProofs } from './proof/redis-used-proofs.ts'
export { createInProcessUsedProofs, type UsedProofs } from './proof/used-proofs.ts'
export { createInProcessRevocationFeed } from './revocation/in-process-revocation-feed.ts'
export { createRedisRevocationFeed } from './revocation/redis-revocation-feed.ts'
export type { Revocation, RevocationFeed } from './revocation/revocation.ts'
export { createRevocationList, type RevocationList } from './revocation/revocation-list.ts'
export {
  createTokenValidator,
  type TokenSource,
  type TokenValidator,
  type TokenValidatorOptions,
} from './token-validator.ts'
export type { Algorithm, VerificationKey } from './verification-key.ts'
export type { TokenMemory } from './verified-tokens.ts'
export { wwwAuthenticate } from './www-authenticate.ts'
