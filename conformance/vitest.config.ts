import { defineConfig } from 'vitest/config'

// One platform of real processes serves the whole run (src/platform/global-setup.ts).
export default defineConfig({
  test: {
    root: import.meta.dirname,
    include: ['test/**/*.test.ts'],
    globalSetup: ['../packages/testing/src/global-setup.ts', 'src/platform/global-setup.ts'],
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    expect: { poll: { timeout: 10_000 } },
  },
})
