import { readFileSync } from 'node:fs'
import type { ConfigFault } from './config-error.ts'

/**
 * The text of a variable: its own, or that of the file which `NAME_FILE` names, as orchestrators mount secrets. An empty text counts
 * as not set; a line end at the file's end does not count.
 */
export function textOf(
  name: string,
  env: Readonly<Record<string, string | undefined>>,
  faults: ConfigFault[],
): string | undefined {
  const file = env[`${name}_FILE`]
  if (!file) return env[name] || undefined
  if (env[name])
    faults.push({ variable: name, reason: `is set, and so is ${name}_FILE`, mend: 'Keep one of the two' })
  try {
    return readFileSync(file, 'utf8').trimEnd() || undefined
  } catch {
    const mend = 'Mount it there, or name another file'
    faults.push({ variable: `${name}_FILE`, reason: `names ${file}, which cannot be read`, mend })
    return undefined
  }
}
