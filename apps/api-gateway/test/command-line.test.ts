import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { shippedConfiguration, temporaryFolder } from './fixtures.ts'

const program = fileURLToPath(new URL('../src/main.ts', import.meta.url))

/** Runs the gateway with nothing in its environment but what is given. */
function gateway(options: string[], env: Record<string, string> = {}) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...options], {
    encoding: 'utf8',
    env: { APP_ENV: 'production', ...env },
  })
  return { status, stdout, lines: stderr.split('\n').filter(Boolean) }
}

function write(text: string): string {
  const file = join(temporaryFolder(), 'gateway.json')
  writeFileSync(file, text)
  return file
}

test('GW-02 --check says what is in a configuration, without any other setting', () => {
  const { status, stdout, lines } = gateway(['--check'])
  expect([status, lines]).toEqual([0, []])
  expect(stdout).toMatch(
    /gateway\.json is right: \d+ routes, 3 clusters, \d+ authorization policies, \d+ rate limits, 0 warnings\.\n$/,
  )
})

test('GW-02 --check says every fault in a line, with what the environment changes', () => {
  const configuration = JSON.parse(shippedConfiguration)
  configuration.ReverseProxy.Routes.catalogue.AuthorizationPolcy = 'Anonymous'
  configuration.ReverseProxy.Clusters.orders.LoadBalancingPolicy = 'Fastest'
  const file = write(JSON.stringify(configuration))
  const { status, stdout, lines } = gateway(['--check', file], {
    ReverseProxy__Routes__accounts__ClusterId: 'acounts',
  })
  expect([status, stdout]).toEqual([1, ''])
  expect(lines).toEqual([
    expect.stringMatching(
      /^Clusters\.orders\.LoadBalancingPolicy has a value that it cannot have\. Set it to one of /,
    ),
    'Routes.catalogue.AuthorizationPolcy is not known here. Did you mean AuthorizationPolicy?',
    'Routes.accounts.ClusterId names no cluster (acounts). Did you mean accounts?',
    `${file} has 3 faults.`,
  ])
  expect(gateway(['--check'], { PROXY_CONFIGURATION: file }).status).toBe(1)
})

test.each([
  ['{\n/* two\nlines */ "ReverseProxy": {,} }', 'line 3'],
  ['{ "Routes": {} }', 'has no section ReverseProxy'],
])('GW-02 --check of %j is told in a line, without a stack', (text, reason) => {
  const { status, lines } = gateway(['--check', write(text)])
  expect([status, lines.length]).toEqual([1, 2])
  expect(lines[0]).toContain(reason)
})

test('GW-02 a file that is not there is told in a line', () => {
  const { status, lines } = gateway(['--check', 'nowhere.json'])
  expect([status, lines.length]).toEqual([1, 2])
  expect(lines[0]).toMatch(/^nowhere\.json cannot be read: ENOENT/)
  const missing = gateway(['--check'], { PROXY_CONFIGURATION_FILE: '/nowhere' })
  expect([missing.status, missing.lines.join()]).toEqual([1, expect.stringContaining('which cannot be read')])
})

test('GW-04 --check tells warnings', () => {
  const configuration = JSON.parse(shippedConfiguration)
  const { Routes } = configuration.ReverseProxy
  Routes.twin = Routes.catalogue
  const { status, stdout } = gateway(['--check', write(JSON.stringify(configuration))])
  expect(status).toBe(0)
  expect(stdout).toMatch(
    /^warning: Routes\.catalogue and Routes\.twin both match GET \/api\/catalogue\/x, .*\n.*1 warning\.\n$/,
  )
})

test.each([
  ['--help', 0],
  ['--chekc', 64],
  ['gateway.json', 64],
])('%s says how it is used', (option, code) => {
  const { status, stdout, lines } = gateway([option])
  expect(status).toBe(code)
  expect(stdout + lines.join('\n')).toContain('--check [file]')
})
