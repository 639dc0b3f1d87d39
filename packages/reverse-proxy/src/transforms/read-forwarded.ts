import type { Section } from '#src/configuration/section.ts'
import type { TransformDraft } from './draft.ts'
import { headerNameOf } from './read-headers.ts'
import type { NodeFormat } from './transform.ts'

const actions = ['Set', 'Append', 'Remove', 'Off'] as const
const parts = ['for', 'by', 'host', 'proto'] as const

const nodeFormats: Readonly<Record<string, NodeFormat>> = Object.fromEntries(
  (['Random', 'Unknown', 'Ip'] as const).flatMap((name) => [
    [name, { name, port: 'none' }],
    [`${name}AndPort`, { name, port: 'real' }],
    [`${name}AndRandomPort`, { name, port: 'random' }],
  ]),
)

/** Reads `X-Forwarded`. */
export function readXForwarded(section: Section, key: string, draft: TransformDraft): void {
  const usual = section.choice(key, actions, 'Set')
  const part = (name: string) => section.choice(name, actions) ?? usual
  draft.xForwarded = {
    prefix: headerNameOf(section, 'HeaderPrefix', 'X-Forwarded-') ?? '',
    parts: { for: part('For'), host: part('Host'), proto: part('Proto'), prefix: part('Prefix') },
  }
}

/** Reads `Forwarded`. */
export function readForwarded(section: Section, key: string, draft: TransformDraft): void {
  const wanted = section
    .text(key, '')
    .split(',')
    .map((part) => part.trim().toLowerCase())
  const chosen = parts.filter((part) => wanted.includes(part))
  if (chosen.length < wanted.length)
    section.fault(key, 'has parts that it cannot have', `Use ${parts.join(',')}, each once`)
  draft.forwarded = {
    action: section.choice('Action', actions, 'Set'),
    parts: new Set(chosen),
    ...{ forFormat: readNodeFormat(section, 'ForFormat'), byFormat: readNodeFormat(section, 'ByFormat') },
  }
}

function readNodeFormat(section: Section, key: string): NodeFormat {
  const name = section.choice(key, Object.keys(nodeFormats), 'Random')
  return nodeFormats[name] as NodeFormat
}
