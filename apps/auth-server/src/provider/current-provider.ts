import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Log } from '@alicerce/service-kit'
import type { JWK } from 'jose'
import type { Provider } from 'oidc-provider'

/** The provider of the moment. Its keys are fixed when it is made, so that other keys mean another provider (F-13). */
export type CurrentProvider = {
  get(): Provider
  /** The private keys that it signs with, and those that it only publishes. */
  keys(): readonly JWK[]
  handle(request: IncomingMessage, response: ServerResponse): void
  /** Looks whether the keys are others by now, and changes to them between two requests; none under way notices. */
  refresh(): Promise<void>
  close(): void
}

type Held = { provider: Provider; callback: ReturnType<Provider['callback']>; keys: readonly JWK[] }

/** Makes the first provider, and another one whenever the keys have changed. */
export async function createCurrentProvider(parts: {
  loadKeys(): Promise<JWK[]>
  make(keys: JWK[]): Provider
  refreshMilliseconds: number
  log: Log
}): Promise<CurrentProvider> {
  const { loadKeys, make, refreshMilliseconds, log } = parts
  const hold = (keys: JWK[]): Held => {
    const provider = make(keys)
    return { provider, callback: provider.callback(), keys }
  }
  let held = hold(await loadKeys())

  async function refresh(): Promise<void> {
    const keys = await loadKeys()
    if (namesOf(keys) === namesOf(held.keys)) return
    held = hold(keys)
    log.info({ signing: keys[0]?.kid, published: keys.length }, 'The signing keys have changed')
  }

  const timer = setInterval(() => {
    refresh().catch((error) => log.warn({ error }, 'The signing keys could not be read'))
  }, refreshMilliseconds).unref()

  return {
    get: () => held.provider,
    keys: () => held.keys,
    handle: (request, response) => void held.callback(request, response),
    refresh,
    close: () => clearInterval(timer),
  }
}

const namesOf = (keys: readonly JWK[]) => keys.map(({ kid }) => kid).join(' ')
