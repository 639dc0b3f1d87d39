import { type KoaContextWithOIDC, interactionPolicy as library } from 'oidc-provider'
import { authenticationLevels, oneFactor, twoFactors } from '#src/second-factors/authentication-levels.ts'

const { base, Check } = library

/** However much it is used, a session asks for the password again after so long. Seconds. */
export const absoluteSeconds = 7 * 24 * 3600

/** When the provider asks somebody to sign in or to consent: as it does by itself, when the session is too old, and when it is too weak. */
export function interactionPolicy() {
  const policy = base()
  const tooOld = new Check(
    'session_too_old',
    'End-User authentication is too old',
    'login_required',
    ({ oidc }) =>
      oidc.session?.accountId && oidc.session.past(absoluteSeconds) && !oidc.result?.login
        ? Check.REQUEST_PROMPT
        : Check.NO_NEED_TO_PROMPT,
  )
  // RFC 9470 §5: where the client asks for a level by `acr_values`, a session below it has to rise.
  const tooWeak = new Check(
    'level_too_low',
    'End-User authentication is not of the requested level',
    'unmet_authentication_requirements',
    (context) =>
      levelAsked(context) === twoFactors && context.oidc.session?.acr !== twoFactors
        ? Check.REQUEST_PROMPT
        : Check.NO_NEED_TO_PROMPT,
    (context) => ({ level: levelAsked(context) }),
  )
  const login = policy.get('login')
  login?.checks.add(tooOld)
  login?.checks.add(tooWeak)
  return policy
}

/** The lowest of the levels that the client would take; those that nobody here knows ask for nothing (OpenID Connect Core §3.1.2.1). */
function levelAsked({ oidc }: KoaContextWithOIDC): string {
  const asked = String(oidc.params?.acr_values ?? '').split(' ')
  return authenticationLevels.find((level) => asked.includes(level)) ?? oneFactor
}
