import { existsSync } from 'node:fs'
import { findProgram, run } from './run.ts'

/** A program that the tests need and npm cannot bring. */
export type Requirement = { name: string; programs: string[]; debianPackage: string; elsewhere: string }

export const redis: Requirement = {
  name: 'Redis',
  programs: ['redis-server', 'valkey-server'],
  debianPackage: 'redis-server',
  elsewhere: 'install Redis 7 or newer, or Valkey (brew install redis)',
}

/** The headless shell is the same engine without the windows, which nobody sees here: the journeys take two thirds of the time. */
export const chromium: Requirement = {
  name: 'Chromium',
  programs: ['chromium-headless-shell', 'chromium', 'chromium-browser', 'google-chrome'],
  debianPackage: 'chromium-headless-shell',
  elsewhere: 'install Chromium or Google Chrome',
}

/**
 * Finds the programs on PATH, installs the missing ones where we can (apt-get on Debian, as root), and otherwise names every one
 * that is missing and how to get it, before any test runs.
 * @returns where each stands, in the order asked for
 */
export async function provideRequirements(requirements: Requirement[]): Promise<string[]> {
  const missing = requirements.filter(({ programs }) => !findProgram(...programs))
  if (missing.length > 0 && canInstall()) await install(missing.map(({ debianPackage }) => debianPackage))
  const found = requirements.map((requirement) => findProgram(...requirement.programs))
  const still = requirements.filter((_, index) => !found[index])
  if (still.length > 0) {
    for (const { name, programs, elsewhere } of still)
      console.error(`The tests need ${name} (${programs.join(' or ')} on PATH): ${elsewhere}.`)
    process.exit(1)
  }
  return found as string[]
}

/**
 * Installs the relying parties of others that only Debian has, where we can. Elsewhere the tests that need them say that they were left out:
 * nobody has to set up Apache to work on the platform.
 */
export async function offerRelyingParties(): Promise<void> {
  const missing = Object.entries(relyingParties).filter(([, file]) => !existsSync(file))
  if (missing.length > 0 && canInstall()) await install(missing.map(([debianPackage]) => debianPackage))
}

/** Debian's packages, and a file of each. */
const relyingParties = {
  apache2: '/usr/sbin/apache2',
  'libapache2-mod-auth-openidc': '/usr/lib/apache2/modules/mod_auth_openidc.so',
  'python3-authlib': '/usr/lib/python3/dist-packages/authlib/__init__.py',
  'python3-requests': '/usr/lib/python3/dist-packages/requests/__init__.py',
}

const canInstall = () => existsSync('/etc/debian_version') && process.getuid?.() === 0

async function install(packages: string[]): Promise<void> {
  console.log(`Installing from Debian: ${packages.join(', ')}`)
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  await run('apt-get', ['update', '-qq'], env)
  await run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...packages], env)
}
