import tailwindcss from '@tailwindcss/vite'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

// Under development the gateway stands in front (its WEB_DEVELOPMENT_URL points here) and passes the live-reload socket on, so the browser
// only ever speaks with the gateway.
export default defineConfig({
  plugins: [react(), tailwindcss()],
  server: { host: '127.0.0.1', strictPort: true },
  build: {
    target: 'es2024',
    manifest: true,
    sourcemap: false,
    // Everything is a file of its own, under the policy `'self'`: no data: URLs.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      output: {
        advancedChunks: {
          groups: [
            { name: 'react', test: /node_modules[\\/](react|react-dom|react-router|scheduler)[\\/]/ },
            {
              name: 'interface',
              test: /node_modules[\\/](radix-ui|@radix-ui|@floating-ui|aria-hidden|i18next|react-i18next)[\\/]/,
            },
            { name: 'data', test: /node_modules[\\/](@tanstack|zustand|oauth4webapi|openapi-fetch)[\\/]/ },
          ],
        },
      },
    },
  },
})
