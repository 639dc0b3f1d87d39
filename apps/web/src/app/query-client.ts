import { ApiProblem } from '@alicerce/api-client'
import { QueryClient } from '@tanstack/react-query'
import { useSession } from '../lib/session/store.ts'

/** What the app knows of the server's state. A refusal is not asked again; no answer or a fault of the server is, twice. */
export const queryClient = new QueryClient({
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
