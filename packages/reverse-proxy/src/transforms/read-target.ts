import type { Section } from '#src/configuration/section.ts'
import { parsePathTemplate } from '#src/routing/path-template.ts'
import type { TransformDraft } from './draft.ts'

const methodForm = /^[A-Z]+$/i

/** Reads `PathPrefix`, `PathSet` and `PathRemovePrefix`. */
export function readPathTransform(section: Section, key: string, draft: TransformDraft): void {
  const written = section.text(key, '')
  const path = written.startsWith('/') ? written : `/${written}`
  if (/[^\x21-\x7e]|[?#\\]/.test(path) || !isDecodable(path)) {
    section.fault(key, 'is not a path', 'Write one, such as /api, with other letters percent-encoded')
    return
  }
  if (key === 'PathSet') draft.path.push({ kind: 'set', path })
  else if (key === 'PathPrefix') draft.path.push({ kind: 'prefix', path: path.replace(/\/$/, '') })
  else {
    const segments = path.toLowerCase().split('/').filter(Boolean)
    draft.path.push({
      kind: 'remove-prefix',
      segments,
      text: segments.map((segment) => `/${segment}`).join(''),
    })
  }
}

function isDecodable(path: string): boolean {
  try {
    decodeURIComponent(path)
    return true
  } catch {
    return false
  }
}

/** Reads `PathPattern`: a template that the route's values fill. */
export function readPathPattern(section: Section, key: string, draft: TransformDraft): void {
  const template = parsePathTemplate(section.text(key, ''))
  if ('reason' in template) section.fault(key, template.reason, template.mend)
  else draft.path.push({ kind: 'pattern', template })
}

/** Reads `QueryValueParameter` and `QueryRouteParameter`, each with `Set` or `Append`. */
export function readQueryChange(section: Section, key: string, draft: TransformDraft): void {
  const name = section.text(key, '')
  const kind = section.has('Append') ? 'append' : 'set'
  const value = section.text('Append') ?? section.text('Set')
  section.requiresOneOf(['Set', 'Append'], 'Add one of them')
  if (value === undefined) return
  const source = key === 'QueryRouteParameter' ? { routeValue: value } : value
  draft.query.push({ kind, name, source })
}

/** Reads `HttpMethodChange`. */
export function readMethodChange(section: Section, key: string, draft: TransformDraft): void {
  const from = section.text(key, '')
  section.requires('Set', 'Add the method to send instead')
  const to = section.text('Set')
  if (!to) return
  if (!methodForm.test(from) || !methodForm.test(to)) {
    section.fault(key, 'names something that is no method', 'Write such as PUT')
    return
  }
  draft.methods.set(from.toUpperCase(), to.toUpperCase())
}
