import { defineConfig } from 'vitest/config'

// One PostgreSQL and one Redis serve the whole run (packages/testing starts them); each test file makes its own database in them.
export default defineConfig({
  test: {
    include: ['{apps,packages}/*/test/**/*.test.{ts,tsx}', '{platform,tools,bench,proof}/test/**/*.test.ts'],
    globalSetup: ['packages/testing/src/global-setup.ts'],
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // On a busy machine the relay, which looks once a second, may be what delivers.
    expect: { poll: { timeout: 10_000 } },
  },
})
