import type { Level, Statement } from '#src/statements/statement.ts'

/** One test that ran. */
export type TestOutcome = { title: string; passed: boolean }

/** What the tests say of a statement. */
export type Judgement = { id: string; level: Level; result: 'pass' | 'fail'; note: string }

/** A statement holds if nothing speaks against it, it has tests, and all of them passed. Tests say by the ids in their titles which statements they show. */
export function judge(statements: readonly Statement[], outcomes: readonly TestOutcome[]): Judgement[] {
  return statements.map(({ id, level, reason }) => {
    const own = outcomes.filter(({ title }) => idsIn(title).includes(id))
    const failed = own.filter(({ passed }) => !passed)
    if (!reason && own.length > 0 && failed.length === 0) return { id, level, result: 'pass', note: '' }
    const note = failed.length > 0 ? failed.map(({ title }) => title).join('; ') : (reason ?? 'no test')
    return { id, level, result: 'fail', note }
  })
}

/** The ids with which a title begins. */
const idsIn = (title: string): string[] =>
  /^((?:AS|RS|SPA)-\d\d[ ,]+)*/.exec(title)?.[0].match(/\w+-\d\d/g) ?? []
