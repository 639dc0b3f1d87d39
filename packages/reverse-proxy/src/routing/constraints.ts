/** Whether a value may stand where the parameter does. Those of this file take time in proportion to what a client wrote, no more. */
export type Constraint = (value: string) => boolean

const whole = /^[+-]?\d+$/
const real = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?$/i
const hyphened = '[\\da-f]{8}(?:-[\\da-f]{4}){3}-[\\da-f]{12}'
const guid = new RegExp(`^(?:[\\da-f]{32}|${hyphened}|\\{${hyphened}\\}|\\(${hyphened}\\))$`, 'i')
/** Only what every language reads the same: .NET would take more, by its culture. */
const moment = /^\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d)?)?$/i

const within = (least: bigint, most: bigint): Constraint => {
  return (value) => whole.test(value) && BigInt(value) >= least && BigInt(value) <= most
}

/** Whether something stands behind a dot of the last segment. */
function isFileName(value: string): boolean {
  const name = value.slice(value.lastIndexOf('/') + 1)
  const dot = name.indexOf('.')
  return dot !== -1 && /[^.]/.test(name.slice(dot))
}

/** Those without arguments, by their names in ASP.NET. */
const plain: Readonly<Record<string, Constraint>> = {
  alpha: (value) => /^[a-z]*$/i.test(value),
  bool: (value) => /^(?:true|false)$/i.test(value),
  datetime: (value) => moment.test(value) && !Number.isNaN(Date.parse(value)),
  decimal: (value) => real.test(value),
  double: (value) => real.test(value),
  file: isFileName,
  float: (value) => real.test(value),
  guid: (value) => guid.test(value),
  int: within(-(2n ** 31n), 2n ** 31n - 1n),
  long: within(-(2n ** 63n), 2n ** 63n - 1n),
  nonfile: (value) => !isFileName(value),
  required: (value) => value !== '',
}

/** Those whose arguments are whole numbers. */
const counted: Readonly<Record<string, (...numbers: number[]) => Constraint>> = {
  length:
    (least = 0, most = least) =>
    ({ length }) =>
      length >= least && length <= most,
  minlength:
    (least = 0) =>
    ({ length }) =>
      length >= least,
  maxlength:
    (most = 0) =>
    ({ length }) =>
      length <= most,
  min:
    (least = 0) =>
    (value) =>
      whole.test(value) && Number(value) >= least,
  max:
    (most = 0) =>
    (value) =>
      whole.test(value) && Number(value) <= most,
  range:
    (least = 0, most = 0) =>
    (value) =>
      whole.test(value) && Number(value) >= least && Number(value) <= most,
}

const arity: Readonly<Record<string, readonly number[]>> = { length: [1, 2], range: [2] }

/** Reads such as `int`, `length(2,5)` or `regex(^a+$)`; `undefined`: there is no such constraint. */
export function parseConstraint(text: string): Constraint | undefined {
  const [, name = '', given] = /^([a-z]+)(?:\((.*)\))?$/is.exec(text) ?? []
  const known = name.toLowerCase()
  if (known === 'regex') return given === undefined ? undefined : regularExpression(given)
  if (given === undefined) return Object.hasOwn(plain, known) ? plain[known] : undefined
  if (!Object.hasOwn(counted, known)) return undefined
  const numbers = given.split(',').map((number) => (whole.test(number.trim()) ? Number(number) : Number.NaN))
  const fits = (arity[known] ?? [1]).includes(numbers.length) && numbers.every(Number.isSafeInteger)
  return fits ? counted[known]?.(...numbers) : undefined
}

/** Braces are doubled in a template, as in ASP.NET. Case does not count there either. */
function regularExpression(written: string): Constraint | undefined {
  try {
    const expression = new RegExp(written.replaceAll('{{', '{').replaceAll('}}', '}'), 'i')
    return (value) => expression.test(value)
  } catch {
    return undefined
  }
}
