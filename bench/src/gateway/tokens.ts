import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { TestIssuer } from '@alicerce/testing'
import { claims } from './subjects/gateway.ts'

/** The gateway remembers 10,000 verified tokens, the latest: in a longer rotation each one is new to it. */
export const distinctTokens = 12_000

/** How many are signed at the same time. */
const atOnce = 100

/** Writes a file of access tokens, one a line. */
export async function writeTokens(folder: string, issuer: TestIssuer, count: number): Promise<string> {
  const tokens: string[] = []
  while (tokens.length < count)
    tokens.push(...(await Promise.all(Array.from({ length: atOnce }, () => issuer.sign(claims)))))
  const file = join(folder, `tokens-${count}.txt`)
  await writeFile(file, `${tokens.join('\n')}\n`)
  return file
}
