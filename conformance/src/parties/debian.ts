import { existsSync } from 'node:fs'

/**
 * Whether Debian's package is there that brings `file`. Where it is not, its tests are left out, and say so; in CI, which installs it, they fail.
 */
export function hasDebianParty(name: string, file: string): boolean {
  if (existsSync(file) || process.env.CI) return true
  console.warn(
    `Left out: ${name} is not installed (${file}). On Debian, npm test installs it where it runs as root.`,
  )
  return false
}
