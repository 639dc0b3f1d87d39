/** What the browser remembers between leaving for the auth server and coming back: nothing that is a token. */
export type Transaction = {
  verifier: string
  nonce: string
  returnTo: string
  silent: boolean
  startedAt: number
}

const prefix = 'alicerce.sign-in.'
/** A sign-in page left open for longer than this is begun anew. Milliseconds. */
const lifetime = 60 * 60_000

/** Keeps `transaction` under its state. Those of attempts that were abandoned long ago are thrown away. */
export function saveTransaction(storage: Storage, state: string, transaction: Transaction): void {
  for (const key of Object.keys(storage).filter((key) => key.startsWith(prefix))) {
    if (!isFresh(read(storage, key), transaction.startedAt)) storage.removeItem(key)
  }
  storage.setItem(prefix + state, JSON.stringify(transaction))
}

/** Gives back the transaction of `state` once, and forgets it; undefined for a state that this tab never sent, or long ago. */
export function takeTransaction(storage: Storage, state: string, now: number): Transaction | undefined {
  const transaction = read(storage, prefix + state)
  storage.removeItem(prefix + state)
  return isFresh(transaction, now) ? transaction : undefined
}

function isFresh(transaction: Transaction | undefined, now: number): transaction is Transaction {
  return transaction !== undefined && Math.abs(now - transaction.startedAt) < lifetime
}

function read(storage: Storage, key: string): Transaction | undefined {
  try {
    return JSON.parse(storage.getItem(key) ?? 'null') ?? undefined
  } catch {
    return undefined
  }
}
