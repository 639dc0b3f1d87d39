import { type PasswordFault, passwordFault } from './password-rules.ts'
import { HashingBusyError, type Passwords } from './passwords.ts'

/** A password that somebody has chosen, hashed; or why it is not taken, as the name of the text that says so, and the status of that answer. */
export type ChosenPassword =
  | { hash: string; fault?: undefined }
  | { status: 400 | 503; fault: PasswordFault | 'busy' }

/** Holds a chosen password against the rules, and hashes it. `of` is what others know of the person. */
export async function choosePassword(
  passwords: Passwords,
  password: string,
  of: { email: string },
): Promise<ChosenPassword> {
  const fault = await passwordFault(password, of)
  if (fault) return { status: 400, fault }
  try {
    return { hash: await passwords.hash(password) }
  } catch (error) {
    if (!(error instanceof HashingBusyError)) throw error
    return { status: 503, fault: 'busy' }
  }
}
