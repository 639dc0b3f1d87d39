import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { cores } from '#src/measure/pinned.ts'
import type { LoadResult } from './load-result.ts'

/** What `wrk` is to do. */
export type WrkOptions = {
  url: string
  connections: number
  /** Whole ones. */
  seconds: number
  authorization?: string
  /** Bytes of the body of a POST; GET without it. */
  postBytes?: number
  /** A file with one token a line, and the line to begin with: one after the other, instead of `authorization`. */
  tokens?: { file: string; first: number }
  /** What each answer must have at least; fewer bytes are errors. */
  answerBytes: number
}

/** Runs wrk on the core of the load. It counts each answer from 400 on as an error. */
export async function runWrk(options: WrkOptions): Promise<LoadResult> {
  const { url, connections, seconds, authorization, postBytes, tokens, answerBytes } = options
  const env = {
    PATH: process.env.PATH,
    ...(postBytes !== undefined && { METHOD: 'POST', BODY_BYTES: String(postBytes) }),
    ...(tokens && { TOKENS: tokens.file, FIRST: String(tokens.first) }),
  }
  const words = [
    '-t1',
    `-c${connections}`,
    `-d${seconds}s`,
    '--timeout',
    '5s',
    '-s',
    join(import.meta.dirname, 'wrk.lua'),
  ]
  if (authorization) words.push('-H', `Authorization: ${authorization}`)
  const { stdout } = await promisify(execFile)(
    'taskset',
    ['-c', String(cores.others), 'wrk', ...words, url],
    { env },
  )
  const { bytes, ...result } = JSON.parse(stdout.trim().split('\n').at(-1) as string) as LoadResult & {
    bytes: number
  }
  const tooShort = bytes < result.requests * answerBytes ? result.requests : 0
  return { ...result, errors: result.errors + tooShort }
}
