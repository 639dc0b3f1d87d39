import type { Account } from '#src/accounts/account.ts'
import type { Accounts } from '#src/accounts/accounts.ts'

/** Finds accounts for the provider, which asks for the same one several times in a request. */
export type AccountsOfRequests = (request: object, id: string) => Promise<Account | undefined>

/** Reads each account once in a request, so that all of an answer is of one moment. */
export function createAccountsOfRequests({ find }: Pick<Accounts, 'find'>): AccountsOfRequests {
  const read = new WeakMap<object, Map<string, Promise<Account | undefined>>>()
  return (request, id) => {
    const ofRequest = read.get(request) ?? new Map<string, Promise<Account | undefined>>()
    read.set(request, ofRequest)
    const reading = ofRequest.get(id) ?? find(id)
    ofRequest.set(id, reading)
    return reading
  }
}
