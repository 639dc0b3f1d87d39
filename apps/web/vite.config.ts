import tailwindcss from '@tailwindcss/vite'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

// Behind the gateway in development: WEB_DEVELOPMENT_URL of the gateway points here, the browser stays on the gateway's port.
const gateway = new URL(process.env.GATEWAY_URL ?? 'http://localhost:8080')

export default defineConfig({
  plugins: [react(), tailwindcss()],
  server: {
    host: '127.0.0.1',
    port: 5173,
    strictPort: true,
    // The live-reload socket goes straight to Vite: the page's own origin is the gateway.
    hmr: { host: '127.0.0.1', port: 5173, clientPort: 5173 },
    proxy: {
      '/api': { target: gateway.origin },
      '/configuration.json': { target: gateway.origin },
    },
  },
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
