import { explainRouting, type Refusal, type Snapshot } from '@alicerce/reverse-proxy'
import { ownCluster } from './own-routes.ts'
import type { WhichRoute } from './schema.ts'

/** So many routes are told of; beyond, those that miss the path are only counted. */
const mostPassedOver = 200
const mostHeaders = 20
const parameters = ['url', 'method', 'header']
const methodForm = /^[A-Z]{1,20}$/
const headerForm = /^([!#$%&'*+.^_`|~\w-]{1,100}):[ \t]*([\x20-\x7e]{0,1000})$/

/**
 * Which route takes a URL. `query`: of the request that asks, `url` with `method` (default GET) and any number of `header`, each `name: value`.
 * A URL without a host is one of `ownHost`.
 */
export function whichRoute(
  { router }: Snapshot,
  query: URLSearchParams,
  { ownHost, isForWebApp }: { ownHost: string; isForWebApp: (path: string) => boolean },
): WhichRoute | Refusal {
  const faults = faultsOf(query)
  if (faults.length > 0) return invalid(faults)
  const method = (query.get('method') || 'GET').toUpperCase()
  const { host, target } = partsOf(query.get('url') as string, ownHost)
  const rawHeaders = query.getAll('header').flatMap((line) => headerForm.exec(line)?.slice(1) ?? [])
  const explained = explainRouting(router, { method, host, target, rawHeaders })
  const asked = { method, host, target }
  if ('status' in explained) {
    const nobody = { route: null, clusterId: null, allow: [], passedOver: [], leftOut: 0 }
    return { ...asked, ...nobody, answeredBy: 'nobody', refusal: explained }
  }
  const { path, result, passedOver } = explained
  const told =
    passedOver.length > mostPassedOver
      ? passedOver.filter(({ missed }) => !missed.includes('path'))
      : passedOver
  const kept = told.slice(0, mostPassedOver)
  const clusterId = result.route?.clusterId ?? null
  const allow = result.route ? [] : [...result.allow]
  const isPage = allow.length === 0 && isForWebApp(path)
  return {
    ...asked,
    answeredBy: clusterId === ownCluster ? 'gateway' : clusterId ? 'cluster' : isPage ? 'web-app' : 'nobody',
    route: result.route?.id ?? null,
    ...{ clusterId, refusal: null, allow },
    passedOver: kept.map(({ route, missed }) => ({ route: route.id, missed: [...missed] })),
    leftOut: passedOver.length - kept.length,
  }
}

/** As a client would send it: without its fragment, and with what is no ASCII encoded, but with every dot and escape as it is written. */
function partsOf(url: string, ownHost: string): { host: string; target: string } {
  const [sent = ''] = url.trim().split('#')
  const encoded = sent.replace(/[^\x21-\x7e]+/g, (part) => encodeURIComponent(part.toWellFormed()))
  const [, host, rest] = /^https?:\/\/([^/?#]*)(.*)$/i.exec(encoded) ?? []
  const target = rest ?? encoded
  return { host: host?.toLowerCase() ?? ownHost, target: target.startsWith('/') ? target : `/${target}` }
}

type Fault = { parameter: string; detail: string }

function faultsOf(query: URLSearchParams): Fault[] {
  const faults: Fault[] = []
  const say = (parameter: string, detail: string) => faults.push({ parameter, detail })
  for (const name of new Set(query.keys())) if (!parameters.includes(name)) say(name, 'is not known here')
  const [url, method] = [query.getAll('url'), query.getAll('method')]
  if (url.length !== 1 || !url[0]?.trim()) say('url', 'is required, once: a URL or a path')
  if (method.length > 1 || (method[0] && !methodForm.test(method[0].toUpperCase())))
    say('method', 'is one method, such as GET')
  const headers = query.getAll('header')
  if (headers.length > mostHeaders || !headers.every((line) => headerForm.test(line)))
    say('header', `is written name: value, ${mostHeaders} times at most`)
  return faults
}

const invalid = (errors: readonly Fault[]): Refusal => ({
  ...{ status: 400, code: 'validation-failed', title: 'The request is not valid' },
  detail: 'Say which URL you ask for, and no more than is known here.',
  extra: { errors },
})
