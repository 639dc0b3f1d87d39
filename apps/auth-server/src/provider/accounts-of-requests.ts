import type { Account } from '#src/accounts/account.ts'
import type { Accounts } from '#src/accounts/accounts.ts'

/** Accounts for the provider, which asks for the same one several times in a request. */
export type AccountsOfRequests = {
  /** Reads each account once in a request, so that all of an answer is of one moment. */
  find(request: object, id: string): Promise<Account | undefined>
  /** The request has read this one already, together with something else. */
  remember(request: object, account: Account): void
}

/** What is read is forgotten with its request. */
export function createAccountsOfRequests({ find }: Pick<Accounts, 'find'>): AccountsOfRequests {
  const read = new WeakMap<object, Map<string, Promise<Account | undefined>>>()
  const of = (request: object) => {
    const known = read.get(request) ?? new Map<string, Promise<Account | undefined>>()
    read.set(request, known)
    return known
  }
  return {
    find(request, id) {
      const known = of(request)
      const reading = known.get(id) ?? find(id)
      known.set(id, reading)
      return reading
    },
    remember: (request, account) => void of(request).set(account.id, Promise.resolve(account)),
  }
}
