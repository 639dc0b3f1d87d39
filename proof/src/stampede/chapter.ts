import type { Chapter } from '../chapter.ts'
import { isAsPromised, type StampedeFigures, stampede } from './stampede.ts'

const size = { processes: 3, callers: 50, rounds: 5 }

/** Lets callers stampede on the cache, and on a naive one. */
export async function stampedes(
  progress: (message: string) => void,
): Promise<Chapter<{ cache: StampedeFigures[]; naive: StampedeFigures[] }>> {
  const cache = await stampede({ ...size, subject: 'cache-aside', progress })
  const naive = await stampede({
    ...{ ...size, rounds: 2, subject: 'naive', progress },
    only: ({ standing, loader }) => standing === 'cold' && loader === 'slow',
  })
  return {
    figures: { cache, naive },
    claims: [
      {
        claim: `${size.processes} processes × ${size.callers} callers are one load, counted by PostgreSQL; where loads bring nothing, one of each process at most`,
        holds: cache.every(isAsPromised),
      },
      {
        claim: 'the count finds the stampede of a naive cache',
        holds: naive.every(({ loads, rounds, processes }) => loads > rounds * processes),
      },
    ],
    text: `## Stampedes

${[...cache.map(lineOf), ...naive.map((figures) => `${lineOf(figures)} (naive)`)].join('\n')}`,
  }
}

const lineOf = ({
  standing,
  loader,
  processes,
  callers,
  rounds,
  loads,
  mostAtOnce,
  ...rest
}: StampedeFigures) =>
  `  ${(loads / rounds).toFixed(1).padStart(5)} loads, ${mostAtOnce} at once: ${processes} × ${callers} callers, a key that is ${standing}, a ${loader} loader; ${rest.answeredReads} answered, ${rest.failedReads} failed, the slowest after ${Math.round(rest.slowestMilliseconds)} ms`
