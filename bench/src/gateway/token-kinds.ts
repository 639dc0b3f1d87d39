import type { TestIssuer } from '@alicerce/testing'
import { progress, type Table } from '#src/report.ts'
import { inTurns, type Target } from './rounds.ts'
import type { Subject } from './subject.ts'
import { figuresOf } from './tables.ts'
import { distinctTokens, writeTokens } from './tokens.ts'
import { bodies, pathOf } from './upstream.ts'
import { runWrk } from './wrk.ts'

const connections = 64
const kinds = { 'one, repeated': 1, '1,000 in rotation': 1000, 'all distinct': distinctTokens }

/** How the cost of tokens depends on how often the same one comes. */
export async function measureTokenKinds(
  subjects: readonly Subject[],
  folder: string,
  issuer: TestIssuer,
): Promise<Table> {
  progress(`Signing ${distinctTokens} tokens`)
  const targets: { subject: string; tokens: string; target: Target }[] = []
  for (const [tokens, count] of Object.entries(kinds)) {
    const file = await writeTokens(folder, issuer, count)
    for (const subject of subjects)
      targets.push({ subject: subject.name, tokens, target: targetOf(subject, tokens, file) })
  }
  const rounds = await inTurns(
    'Tokens',
    targets.map(({ target }) => target),
    { rounds: 3, seconds: 2 },
  )
  return {
    title: `Tokens (RS256), GET 200 B, ${connections} connections`,
    rows: targets.map(({ subject, tokens, target }) => ({
      ...{ subject, tokens },
      ...figuresOf(rounds.get(target.name) ?? []),
    })),
  }
}

function targetOf({ name, pid, url }: Subject, tokens: string, file: string): Target {
  let first = 0
  return {
    ...{ name: `${name}, ${tokens}`, pid },
    async load(seconds) {
      const answerBytes = bodies['200 B']
      const result = await runWrk({
        ...{ url: url + pathOf('200 B'), connections, seconds, answerBytes },
        tokens: { file, first },
      })
      // Each run goes on where the one before has ended, so that no token comes again too soon.
      first = (first + result.requests + connections) % distinctTokens
      return result
    },
  }
}
