import { defineConfig } from '@playwright/test'
import { dataFolder, projectFolder, target } from './support/target.ts'

export default defineConfig({
  testDir: 'journeys',
  outputDir: '../test-results',
  fullyParallel: true,
  workers: 2,
  forbidOnly: Boolean(process.env.CI),
  // Generous, since nothing here measures speed: a busy machine must not look like a fault.
  timeout: 300_000,
  expect: { timeout: 60_000 },
  retries: process.env.CI ? 1 : 0,
  reporter: [['list']],
  use: {
    baseURL: target.webApp,
    locale: 'en-GB',
    // Recording each step takes a fifth of the time, so only what failed once is recorded.
    trace: 'on-first-retry',
    contextOptions: { reducedMotion: 'reduce' },
    launchOptions: {
      executablePath: process.env.CHROMIUM_PATH,
      // Chromium's own sandbox does not start as root; its background services would only try a network that is not there. Cookies of
      // another site than the page's are refused, as other browsers do by themselves (SPA-10).
      args: [
        '--no-sandbox',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
        '--test-third-party-cookie-phaseout',
      ],
    },
  },
  webServer: target.isCompose
    ? undefined
    : {
        command: `node platform/src/main.ts --port ${target.port} --data ${dataFolder} --reset`,
        cwd: projectFolder,
        env: { WEB_APP_URL: target.webApp },
        url: target.webApp,
        timeout: 120_000,
        gracefulShutdown: { signal: 'SIGTERM', timeout: 20_000 },
        stdout: 'pipe',
      },
})
