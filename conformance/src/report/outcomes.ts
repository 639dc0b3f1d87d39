import type { TestOutcome } from './judge.ts'

type VitestReport = { testResults: { assertionResults: { title: string; status: string }[] }[] }

/** The tests of a report by Vitest's JSON reporter. What was skipped has shown nothing. */
export function outcomesOfVitest(report: string): TestOutcome[] {
  const { testResults } = JSON.parse(report) as VitestReport
  return testResults.flatMap(({ assertionResults }) =>
    assertionResults.map(({ title, status }) => ({ title, passed: status === 'passed' })),
  )
}

type Suite = { suites?: Suite[]; specs?: { title: string; ok: boolean; tests: { status: string }[] }[] }

/** The tests of a report by Playwright's JSON reporter. */
export function outcomesOfPlaywright(report: string): TestOutcome[] {
  const outcomesOf = ({ suites = [], specs = [] }: Suite): TestOutcome[] => [
    ...specs.map(({ title, ok, tests }) => ({
      title,
      passed: ok && tests.every(({ status }) => status !== 'skipped'),
    })),
    ...suites.flatMap(outcomesOf),
  ]
  return outcomesOf(JSON.parse(report) as Suite)
}
