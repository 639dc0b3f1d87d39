import { useEffect, useState } from 'react'
import { forgetDraft, keptDraft } from './step-up.ts'

/** What the person was about to change under this mutation key when the page left to sign her in once more. Given once. */
export function useKeptDraft<T>(key: readonly string[]): T | undefined {
  const [draft] = useState(() => keptDraft(sessionStorage, key.join('/')) as T | undefined)
  useEffect(() => {
    if (draft !== undefined) forgetDraft(sessionStorage)
  }, [draft])
  return draft
}
