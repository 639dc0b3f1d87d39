import { ApiProblem } from '@alicerce/api-client'
import { MutationCache, QueryClient } from '@tanstack/react-query'
import { stepUpOf, useStepUp } from '../lib/session/step-up.ts'
import { useSession } from '../lib/session/store.ts'

/** What the app knows of the server's state. A refusal is not asked again; no answer or a fault of the server is, twice. */
export const queryClient = new QueryClient({
  mutationCache: new MutationCache({
    onError(error, value, _result, { options: { mutationKey } }) {
      const asked = stepUpOf(error)
      if (asked)
        useStepUp.setState({ asked, ...(mutationKey && { draft: { key: mutationKey.join('/'), value } }) })
    },
  }),
  defaultOptions: {
    queries: {
      staleTime: 10_000,
      retry: (failures, error) =>
        failures < 2 && error instanceof ApiProblem && (error.status === 0 || error.status >= 500),
    },
  },
})

// What one person read is not for the next one, nor for the «back» button after signing out.
useSession.subscribe(({ status }, { status: before }) => {
  if (before === 'signed-in' && status !== 'signed-in') queryClient.clear()
})
