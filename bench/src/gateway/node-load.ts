import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { cores } from '#src/measure/pinned.ts'
import type { LoadResult } from './load-result.ts'

/** What a load that wrk does not know is to do. */
export type NodeLoadOptions = { url: string; seconds: number; authorization: string }

/** Runs a script of `processes/` on the core of the load. */
export async function runNodeLoad(
  script: 'http2-load' | 'web-socket-load',
  { url, seconds, authorization }: NodeLoadOptions,
): Promise<LoadResult> {
  const path = join(import.meta.dirname, 'processes', `${script}.ts`)
  const words = ['-c', String(cores.others), process.execPath, path, url, String(seconds), authorization]
  const { stdout } = await promisify(execFile)('taskset', words)
  return JSON.parse(stdout)
}
