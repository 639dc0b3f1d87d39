import { session } from '../lib/platform.ts'

/** Where the auth server sends people back to. */
const callbackPath = '/auth/callback'

let held: URLSearchParams | undefined
let redemption: Promise<{ returnTo: string }> | undefined

/**
 * Takes the code and the state out of the address before anything else is loaded or recorded (RFC 9700 §4.2.4).
 * @returns whether there is a sign-in to be finished
 */
export function holdCallback(): boolean {
  if (location.pathname !== callbackPath) return false
  held = new URLSearchParams(location.search)
  // Reloaded when its answer was taken and the next page had not come yet: nothing is wrong, and nothing is left to be finished here.
  const isOver = held.size === 0
  history.replaceState(null, '', isOver ? '/' : callbackPath)
  return !isOver
}

/** Finishes the sign-in, once, however often it is called: StrictMode mounts the callback's page twice. */
export function redeemHeldCallback(): Promise<{ returnTo: string }> {
  redemption ??= session.redeemCallback(held ?? new URLSearchParams())
  held = undefined
  return redemption
}
