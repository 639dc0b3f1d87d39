import type { Section } from '#src/configuration/section.ts'
import { parsePathTemplate } from '#src/routing/path-template.ts'
import type { Transform, When } from './transform.ts'

type Reader = (section: Section, value: string) => Transform | undefined

const whens = ['Success', 'Failure', 'Always'] as const
const actions = ['Set', 'Append', 'Remove', 'Off'] as const
const headerName = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/

/** By the key that makes a transform what it is. */
const readers: Record<string, Reader> = {
  PathPrefix: (section, path) =>
    slashed(section, 'PathPrefix', path) && { kind: 'path-prefix', path: trimmed(path) },
  PathSet: (section, path) => slashed(section, 'PathSet', path) && { kind: 'path-set', path },
  PathRemovePrefix: (section, path) =>
    slashed(section, 'PathRemovePrefix', path) && {
      ...{ kind: 'path-remove-prefix', segments: path.toLowerCase().split('/').filter(Boolean) },
    },
  PathPattern(section, text) {
    const template = parsePathTemplate(text)
    if (!('reason' in template)) return { kind: 'path-pattern', template }
    section.fault('PathPattern', template.reason, template.mend)
    return undefined
  },
  RequestHeader(section, name) {
    const change = readChange(section, 'RequestHeader', name)
    return change && { kind: 'request-header', ...change }
  },
  RequestHeaderRemove: (section, name) =>
    named(section, 'RequestHeaderRemove', name) && {
      kind: 'request-header-remove',
      name: name.toLowerCase(),
    },
  RequestHeaderOriginalHost: (_section, use) => ({
    kind: 'original-host',
    use: use.toLowerCase() === 'true',
  }),
  ResponseHeader(section, name) {
    const when = readWhen(section)
    const change = readChange(section, 'ResponseHeader', name)
    return change && { kind: 'response-header', ...change, when }
  },
  ResponseHeaderRemove(section, name) {
    const when = readWhen(section)
    if (!named(section, 'ResponseHeaderRemove', name)) return undefined
    return { kind: 'response-header-remove', name: name.toLowerCase(), when }
  },
  'X-Forwarded'(section, value) {
    const usual = actions.find((action) => action.toLowerCase() === value.toLowerCase())
    if (!usual) section.fault('X-Forwarded', 'has a value that it cannot have', `Set it to one of ${actions}`)
    const part = (key: string) => section.choice(key, actions) ?? usual ?? 'Set'
    const prefix = (section.text('HeaderPrefix') ?? 'X-Forwarded-').toLowerCase()
    const parts = { for: part('For'), host: part('Host'), proto: part('Proto'), prefix: part('Prefix') }
    return { kind: 'x-forwarded', prefix, parts }
  },
}

/** Reads one of a route's `Transforms`. Its faults are noted in the section. */
export function readTransform(section: Section): Transform | undefined {
  const key = Object.keys(readers).find((name) => section.has(name))
  if (!key) {
    const supported = Object.keys(readers).join(', ')
    section.fault(
      '',
      `is no transform that is supported (${section.keys.join(', ')})`,
      `Use one of ${supported}`,
    )
    return undefined
  }
  const transform = readers[key]?.(section, section.text(key) ?? '')
  section.end()
  return transform
}

function readChange(section: Section, key: string, name: string) {
  const append = section.has('Append')
  const value = section.text('Append') ?? section.text('Set')
  if (value === undefined) section.fault(key, 'has neither Set nor Append', 'Add one of them')
  const clean = value !== undefined && !/[\0\r\n]/.test(value)
  if (value !== undefined && !clean) section.fault(key, 'has a line break in its value', 'Remove it')
  return named(section, key, name) && clean ? { name: name.toLowerCase(), value, append } : undefined
}

function readWhen(section: Section): When {
  return section.choice('When', whens) ?? 'Success'
}

function named(section: Section, key: string, name: string): true | undefined {
  if (headerName.test(name)) return true
  section.fault(key, 'is not the name of a header', 'Write one, such as x-tenant')
  return undefined
}

function slashed(section: Section, key: string, path: string): true | undefined {
  if (path.startsWith('/')) return true
  section.fault(key, 'does not begin with /', 'Write a path, such as /api')
  return undefined
}

const trimmed = (path: string) => path.replace(/\/$/, '')
