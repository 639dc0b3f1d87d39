import type { Section } from '#src/configuration/section.ts'
import type { RulesDraft } from './draft.ts'
import type { When } from './transform.ts'

const whens = ['Success', 'Failure', 'Always'] as const
const headerName = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/

/** Reads `Set` or `Append` of a header: a text, or the value of the route's parameter that it names. An empty text clears the header. */
export function readHeaderChange(section: Section, key: string, rules: RulesDraft): void {
  const when = readWhen(section, key)
  section.requiresOneOf(
    key === 'RequestHeader' ? ['Set', 'Append', 'Remove'] : ['Set', 'Append'],
    'Add one of them',
  )
  const name = headerNameOf(section, key)
  const isRemoval = key === 'RequestHeader' && section.boolean('Remove')
  const append = section.has('Append')
  const text = section.text('Append') ?? section.text('Set')
  if (isRemoval) {
    if (name) rules.changes.push({ kind: 'remove', name, when })
    return
  }
  if (text === undefined) return
  if (/[\0\r\n]/.test(text)) {
    section.fault(key, 'has a line break in its value', 'Remove it')
    return
  }
  if (!name) return
  const source = key === 'RequestHeaderRouteValue' ? { routeValue: text } : text
  if (text === '' && !append) rules.changes.push({ kind: 'remove', name, when })
  else rules.changes.push({ kind: append ? 'append' : 'set', name, source, when })
}

/** Reads the removal of a header. */
export function readHeaderRemove(section: Section, key: string, rules: RulesDraft): void {
  const when = readWhen(section, key)
  const name = headerNameOf(section, key)
  if (name) rules.changes.push({ kind: 'remove', name, when })
}

/** Reads a list of header names, with `;` between them. */
export function readHeadersAllowed(section: Section, key: string, rules: RulesDraft): void {
  const names = section.text(key, '').split(';').filter(Boolean)
  const wrong = names.filter((name) => !headerName.test(name))
  if (wrong.length > 0) section.fault(key, `has names of no header (${wrong})`, 'Write a;b;c')
  rules.allowed = new Set(names.map((name) => name.toLowerCase()))
}

/** The name of a header, in lower case. */
export function headerNameOf(section: Section, key: string, fallback?: string): string | undefined {
  const name = section.text(key, fallback) ?? ''
  if (headerName.test(name)) return name.toLowerCase()
  section.fault(key, 'is not the name of a header', 'Write one, such as x-tenant')
  return undefined
}

/** What comes from a client has come before it is known how the exchange goes. */
function readWhen(section: Section, key: string): When {
  return key.startsWith('Request') ? 'Always' : section.choice('When', whens, 'Success')
}
