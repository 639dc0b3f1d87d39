import { domainToASCII } from 'node:url'
import { parsePathTemplate } from '#src/routing/path-template.ts'
import type { RouteConfiguration } from './proxy-configuration.ts'
import { readHeaderCriteria, readQueryCriteria } from './read-criteria.ts'
import type { Section } from './section.ts'

const methods = ['DELETE', 'GET', 'HEAD', 'OPTIONS', 'PATCH', 'POST', 'PUT', 'TRACE'] as const

const everyRequest = "Set Path to '/{**rest}' to match every request"

type Match = Pick<RouteConfiguration, 'path' | 'hosts' | 'methods' | 'headers' | 'queryParameters'>

/** Reads a route's `Match`. */
export function readMatch(route: Section): Match {
  route.requires('Match', 'Give it a Path or Hosts')
  const match = route.sectionOrEmpty('Match')
  match.requiresOneOf(['Path', 'Hosts'], everyRequest)
  const template = match.text('Path')
  const hosts = readHosts(match)
  if (template === undefined && hosts?.length === 0)
    match.fault('Hosts', 'lists none, and there is no Path', everyRequest)
  const path = parsePathTemplate(template ?? '/{**rest}')
  if ('reason' in path) match.fault('Path', path.reason, path.mend)
  const listed = match.choices('Methods', methods) ?? []
  if (new Set(listed).size < listed.length) match.fault('Methods', 'has one of them twice', 'Remove one')
  const headers = readHeaderCriteria(match)
  const queryParameters = readQueryCriteria(match)
  match.end()
  return {
    path: 'reason' in path ? { text: '', segments: [], precedence: '' } : path,
    hosts: hosts ?? [],
    methods: listed,
    headers,
    queryParameters,
  }
}

/** Written as people read them; browsers send them as punycode (RFC 5891). */
function readHosts(match: Section): string[] | undefined {
  return match.texts('Hosts')?.map((written) => {
    if (/(?:^|\.)xn--/i.test(written)) {
      match.fault('Hosts', `has a name in punycode (${written})`, 'Write it as people read it')
    }
    const [, wildcard = '', name = '', port = ''] = /^(\*\.)?(.*?)(:\d{1,5})?$/.exec(written) ?? []
    const ascii = /[/\\?#]/.test(name) ? '' : domainToASCII(name)
    if (!ascii)
      match.fault('Hosts', `has one that is no host name (${written})`, 'Write name, *.name or name:port')
    return wildcard + ascii + port
  })
}
