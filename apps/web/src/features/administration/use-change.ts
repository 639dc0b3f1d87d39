import { ApiProblem } from '@alicerce/api-client'
import { type QueryKey, useMutation, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { showToast } from '../../lib/toasts.ts'

/** A change by an administrator: `outdated` is asked anew after it, also where somebody else was faster. */
export function useChange<Value, Result>(options: {
  change: (value: Value) => Promise<Result>
  outdated: QueryKey
  /** What is said once it is done. */
  done?: string
}) {
  const { change, outdated, done } = options
  const { t } = useTranslation()
  const queries = useQueryClient()
  return useMutation({
    mutationFn: change,
    onSuccess: () => {
      if (done) showToast(done)
      return queries.invalidateQueries({ queryKey: outdated })
    },
    onError: (error) => {
      if (!(error instanceof ApiProblem) || error.status !== 412) return
      void queries.invalidateQueries({ queryKey: outdated })
      showToast(t('administration.stale'), { tone: 'info' })
    },
  })
}
