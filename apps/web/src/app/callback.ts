import { session } from '../lib/platform.ts'

/** Where the auth server sends people back to. */
export const callbackPath = '/auth/callback'

let held: URLSearchParams | undefined
let redemption: Promise<{ returnTo: string }> | undefined

/** Takes the code and the state out of the address before anything else is loaded or recorded (RFC 9700 §4.2.4). */
export function holdCallback(): void {
  if (location.pathname !== callbackPath) return
  held = new URLSearchParams(location.search)
  history.replaceState(null, '', callbackPath)
}

/** Finishes the sign-in, once, however often it is called: StrictMode mounts the callback's page twice. */
export function redeemHeldCallback(): Promise<{ returnTo: string }> {
  redemption ??= session.redeemCallback(held ?? new URLSearchParams())
  held = undefined
  return redemption
}
