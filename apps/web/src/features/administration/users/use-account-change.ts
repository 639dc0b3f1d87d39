import { type Account, ApiProblem } from '@alicerce/api-client'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { showToast } from '../../../lib/toasts.ts'
import { accountQuery } from './queries.ts'

/** A change of an account: keeps what is shown of it true, also where somebody else was faster. */
export function useAccountChange<T>(
  mutationKey: readonly [what: string, id: string],
  change: (value: T) => Promise<{ account: Account; etag: string }>,
  words: (account: Account) => string,
) {
  const { t } = useTranslation()
  const queries = useQueryClient()
  const { queryKey } = accountQuery(mutationKey[1])
  return useMutation({
    mutationKey,
    mutationFn: change,
    onSuccess: (changed) => {
      queries.setQueryData(queryKey, changed)
      void queries.invalidateQueries({ queryKey: ['users'] })
      void queries.invalidateQueries({ queryKey: ['profile'] })
      showToast(words(changed.account))
    },
    onError: (error) => {
      if (!(error instanceof ApiProblem) || error.status !== 412) return
      void queries.invalidateQueries({ queryKey })
      showToast(t('users.stale'), { tone: 'info' })
    },
  })
}
