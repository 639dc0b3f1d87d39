import { domainToASCII } from 'node:url'
import { parsePathTemplate } from '#src/routing/path-template.ts'
import type { RouteConfiguration } from './proxy-configuration.ts'
import { readHeaderCriteria, readQueryCriteria } from './read-criteria.ts'
import type { Section } from './section.ts'

const methods = ['DELETE', 'GET', 'HEAD', 'OPTIONS', 'PATCH', 'POST', 'PUT', 'TRACE']

type Match = Pick<RouteConfiguration, 'path' | 'hosts' | 'methods' | 'headers' | 'queryParameters'>

/** Reads a route's `Match`. */
export function readMatch(route: Section): Match {
  const match = route.section('Match')
  if (!match) route.fault('Match', 'is missing', 'Give it a Path or Hosts')
  const template = match?.text('Path')
  const hosts = readHosts(match)
  if (match && template === undefined && hosts.length === 0) {
    match.fault('', 'has neither Path nor Hosts', "Set Path to '/{**rest}' to match every request")
  }
  const path = parsePathTemplate(template ?? '/{**rest}')
  if ('reason' in path) match?.fault('Path', path.reason, path.mend)
  const listed = (match?.texts('Methods') ?? []).map((method) => method.toUpperCase())
  const unknown = listed.filter((method) => !methods.includes(method))
  if (unknown.length > 0)
    match?.fault('Methods', `has unknown ones (${unknown})`, `Use ${methods.join(', ')}`)
  if (new Set(listed).size < listed.length) match?.fault('Methods', 'has one of them twice', 'Remove one')
  const headers = match ? readHeaderCriteria(match) : []
  const queryParameters = match ? readQueryCriteria(match) : []
  match?.end()
  return {
    path: 'reason' in path ? { text: '', segments: [], precedence: '' } : path,
    hosts,
    methods: listed,
    headers,
    queryParameters,
  }
}

/** Written as people read them; browsers send them as punycode (RFC 5891). */
function readHosts(match: Section | undefined): string[] {
  return (match?.texts('Hosts') ?? []).map((written) => {
    if (/(?:^|\.)xn--/i.test(written)) {
      match?.fault('Hosts', `has a name in punycode (${written})`, 'Write it as people read it')
    }
    const [, wildcard = '', name = '', port = ''] = /^(\*\.)?(.*?)(:\d{1,5})?$/.exec(written) ?? []
    const ascii = /[/\\?#]/.test(name) ? '' : domainToASCII(name)
    if (!ascii)
      match?.fault('Hosts', `has one that is no host name (${written})`, 'Write name, *.name or name:port')
    return wildcard + ascii + port
  })
}
