import { interactionPolicy as library } from 'oidc-provider'

const { base, Check } = library

/** However much it is used, a session asks for the password again after so long. Seconds. */
const absoluteSeconds = 7 * 24 * 3600

/** When the provider asks somebody to sign in or to consent: as it does by itself, and when the session is too old. */
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
  policy.get('login')?.checks.add(tooOld)
  return policy
}
