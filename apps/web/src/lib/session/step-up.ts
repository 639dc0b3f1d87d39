import { ApiProblem } from '@alicerce/api-client'
import { create } from 'zustand'

/** What a sign-in must be for the API to do something sensitive (RFC 9470). */
export type StepUp = {
  /** How many seconds ago at most. */
  maxAge?: number
  /** One of these levels. */
  acrValues?: readonly string[]
}

/** The sign-in that a change needs and that the person has not been asked for yet, with what the change was about to be. */
export const useStepUp = create<{ asked?: StepUp; draft?: Draft }>()(() => ({}))

/** A change that waits for its person to sign in once more. It holds what was typed, never a token. */
type Draft = { key: string; value: unknown }

/** The sign-in that `error` asks for; undefined for every other error. */
export function stepUpOf(error: unknown): StepUp | undefined {
  if (!(error instanceof ApiProblem) || error.code !== 'insufficient-user-authentication') return undefined
  const { maxAge, acrValues }: Record<string, unknown> = error.details ?? {}
  return {
    ...(typeof maxAge === 'number' && { maxAge }),
    ...(Array.isArray(acrValues) && { acrValues: acrValues.map(String) }),
  }
}

const place = 'alicerce.draft'

/** Keeps the draft while the page is away, for this tab only. */
export function keepDraft(storage: Storage, draft: Draft | undefined): void {
  if (draft) storage.setItem(place, JSON.stringify(draft))
}

/** The draft of `key` that was kept; undefined where there is none, or it is another's. */
export function keptDraft(storage: Storage, key: string): unknown {
  try {
    const draft = JSON.parse(storage.getItem(place) ?? 'null') as Draft | null
    return draft?.key === key ? draft.value : undefined
  } catch {
    return undefined
  }
}

/** Forgets it: it is on the page again. */
export const forgetDraft = (storage: Storage): void => storage.removeItem(place)
