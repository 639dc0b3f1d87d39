/** How surely somebody was recognised (OpenID Connect Core §2, `acr`). */
export const oneFactor = 'urn:alicerce:acr:one-factor'
/** A password and something else, or a passkey that has recognised its owner. */
export const twoFactors = 'urn:alicerce:acr:two-factors'

/** What the discovery document offers as `acr_values_supported`. */
export const authenticationLevels = [oneFactor, twoFactors] as const
