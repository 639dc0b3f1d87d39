import { create } from 'zustand'
import type { Tokens } from './tokens.ts'

/** Who uses this tab. `restoring`: the page is leaving for the auth server to ask whether somebody is still signed in. */
export type SessionState =
  | { status: 'signed-in'; tokens: Tokens }
  | { status: 'signed-out'; tokens?: never; ended?: 'expired' | 'elsewhere' }
  | { status: 'restoring'; tokens?: never }

/** The session of this tab. It is not persisted: tokens must not outlive the page. */
export const useSession = create<SessionState>()(() => ({ status: 'restoring' }))
