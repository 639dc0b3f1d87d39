export { type Judgement, judge } from './report/judge.ts'
export { outcomesOfPlaywright, outcomesOfVitest } from './report/outcomes.ts'
export { statements } from './statements/statements.ts'
