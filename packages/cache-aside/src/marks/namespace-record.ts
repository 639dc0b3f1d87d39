import { markLength } from '../entry/entry.ts'

/**
 * What stands under the key of a namespace: its mark, then each form (key/keys.ts) in which a process keeps values that carry this mark, and
 * since when: `<mark> <form>@<milliseconds since 1970> …`. A process enters its form before it loads what it stores. So whoever reads the
 * record after a commit knows every form in which there can be something older, be it that of a deploy that he knows nothing of. With the mark
 * goes the record; nothing stands by a form that is not entered under the mark of today.
 */
export type NamespaceRecord = { mark: string; forms: readonly string[] }

/** A class with more of them gets a new record, which costs all entries of the namespace: else each schema that ever was would cost an UNLINK. */
export const mostForms = 8

/** `undefined`: that is none. */
export function decodeRecord(bytes: Buffer): NamespaceRecord | undefined {
  const [mark, ...entries] = bytes.toString('latin1').split(' ')
  if (mark?.length !== markLength) return undefined
  return { mark, forms: entries.map((entry) => entry.slice(0, entry.indexOf('@'))) }
}

/** The record with one form more. For stores that write it themselves. */
export const enterForm = (record: string, form: string, now: number): string =>
  `${record} ${form}@${Math.floor(now)}`

/** Since when the form is entered; `undefined`: it is not. */
export function enteredAt(record: string, form: string): number | undefined {
  const entry = record.split(' ').find((each) => each.startsWith(`${form}@`))
  return entry === undefined ? undefined : Number(entry.slice(form.length + 1))
}
