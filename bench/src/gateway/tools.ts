import { accessSync, constants } from 'node:fs'
import { availableParallelism } from 'node:os'
import { delimiter, join } from 'node:path'

/** Programs that the suite starts, and the Debian package of each. */
const packages = {
  nginx: 'nginx-light',
  haproxy: 'haproxy',
  wrk: 'wrk',
  openssl: 'openssl',
  taskset: 'util-linux',
}

/** Something is missing on this machine. */
export class ToolsMissing extends Error {
  override readonly name = 'ToolsMissing'
  readonly code = 'tools-missing'
}

/** @throws {ToolsMissing} with the command that mends it */
export function requireTools(): void {
  const missing = Object.entries(packages).filter(([program]) => !isInstalled(program))
  if (missing.length > 0)
    throw new ToolsMissing(
      `This suite needs ${missing.map(([program]) => program).join(', ')}: run apt-get install -y ${missing.map(([, name]) => name).join(' ')}`,
    )
  if (availableParallelism() < 2)
    throw new ToolsMissing('This suite needs two cores: one for what is measured, one for the load.')
}

/** Where Debian puts servers; it is not on everybody's PATH. */
const systemFolder = '/usr/sbin'

/** The path of a program; its name where it is not found. */
export const programPath = (name: string) =>
  [...folders(), systemFolder].map((folder) => join(folder, name)).find(isExecutable) ?? name

const folders = () => (process.env.PATH ?? '').split(delimiter).filter(Boolean)

const isInstalled = (program: string) => programPath(program) !== program

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
