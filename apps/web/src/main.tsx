import { QueryClientProvider } from '@tanstack/react-query'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { RouterProvider } from 'react-router/dom'
import { Leaving } from './app/leaving.tsx'
import { queryClient } from './app/query-client.ts'
import { createAppRouter } from './app/router.tsx'
import { start } from './app/start.ts'
import { StartFailure } from './app/start-failure.tsx'
import { startTranslation } from './lib/i18n/index.ts'
import './styles.css'

startTranslation()
const root = createRoot(document.getElementById('root') as HTMLElement)
try {
  const next = await start()
  root.render(
    next === 'leaving' ? (
      <Leaving />
    ) : (
      <StrictMode>
        <QueryClientProvider client={queryClient}>
          {/* With transitions a page knows at once that it is being left, however busy the browser is (lib/url-state.ts). */}
          <RouterProvider router={createAppRouter()} useTransitions />
        </QueryClientProvider>
      </StrictMode>
    ),
  )
} catch (error) {
  root.render(<StartFailure error={error} />)
}
