// Loaded before a platform (node --import): its clock is ahead of the computer's by as many milliseconds as the last line on its standard input says. A line
// on its standard output tells that it was moved. Monotonic clocks and timers stay what they are.
import { createInterface } from 'node:readline'

let ahead = 0
const Real = Date

class MovedDate extends Real {
  constructor(...parts: unknown[]) {
    super(...((parts.length === 0 ? [Real.now() + ahead] : parts) as [number]))
  }
  static override now(): number {
    return Real.now() + ahead
  }
  static override [Symbol.hasInstance](value: unknown): boolean {
    return Function.prototype[Symbol.hasInstance].call(Real, value)
  }
}

globalThis.Date = MovedDate as DateConstructor

createInterface({ input: process.stdin })
  .on('line', (line) => {
    ahead = Number(line)
    process.stdout.write(`clock moved by ${ahead}\n`)
  })
  // Whoever started it is gone, or has enough of it.
  .on('close', () => process.kill(process.pid, 'SIGTERM'))
