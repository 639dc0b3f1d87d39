/** Why a password cannot be taken, as the name of the text that says so. */
export type PasswordFault = 'passwordShort' | 'passwordLong' | 'passwordCommon'

const shortest = 10
/** Longer ones are refused, not cut: argon2id reads them whole. */
const longest = 256

/**
 * What a new password must be: long, and not one of those that are tried first. No rule on its signs: those make people choose alike
 * (NIST SP 800-63B §3.1.1.2). The list is a package's, so nobody is asked over the network. `of` is what others know of the person.
 */
export async function passwordFault(
  password: string,
  of: { email: string },
): Promise<PasswordFault | undefined> {
  if (password.length < shortest) return 'passwordShort'
  if (password.length > longest) return 'passwordLong'
  const plain = password.normalize('NFKC').toLowerCase()
  const [local, domain] = of.email.toLowerCase().split('@')
  const own = [of.email.toLowerCase(), local, domain]
  const common = await commonPasswords()
  // «Password2026!» is a common password with what the rules of others have made people add.
  const core = plain.replace(/[^\p{L}]+$/u, '')
  const isKnown = (text: string) => common.has(text) || own.includes(text)
  return isKnown(plain) || isKnown(core) || new Set(plain).size < 4 ? 'passwordCommon' : undefined
}

let list: Promise<Set<string>> | undefined

/** Read when the first password is chosen, not at every start. */
function commonPasswords(): Promise<Set<string>> {
  list ??= import('@zxcvbn-ts/language-common').then(
    ({ dictionary }) => new Set<string>(dictionary['passwords-common']),
  )
  return list
}
