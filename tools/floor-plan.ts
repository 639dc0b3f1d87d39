import { globSync, readFileSync } from 'node:fs'
import { builtinModules } from 'node:module'
import { dirname, join, normalize } from 'node:path'
import { root } from './run.ts'

/** One import that the floor plan forbids. */
export type Violation = { file: string; line: number; target: string; rule: string }

/** Which of our workspaces the source of each workspace may import. Whatever is not named here is forbidden. */
const mayImport: Record<string, string[]> = {
  'packages/access-tokens': [],
  'packages/api-client': [],
  'packages/cache-aside': [],
  'packages/database': [],
  'packages/design': [],
  'packages/events': [],
  'packages/local-infrastructure': [],
  'packages/rate-limits': [],
  'packages/reverse-proxy': [],
  'packages/service-kit': ['access-tokens', 'cache-aside', 'database', 'events'],
  'packages/testing': ['local-infrastructure'],
  'apps/api-gateway': ['access-tokens', 'rate-limits', 'reverse-proxy', 'service-kit'],
  'apps/auth-server': ['access-tokens', 'database', 'design', 'events', 'service-kit'],
  'apps/order-service': ['access-tokens', 'cache-aside', 'database', 'events', 'service-kit'],
  'apps/user-service': ['access-tokens', 'cache-aside', 'database', 'events', 'service-kit'],
  'apps/web': ['api-client', 'design'],
  platform: [
    'api-gateway',
    'auth-server',
    'order-service',
    'user-service',
    'database',
    'local-infrastructure',
    'service-kit',
  ],
  conformance: ['local-infrastructure', 'testing'],
  bench: ['cache-aside', 'local-infrastructure', 'reverse-proxy', 'testing'],
  proof: ['cache-aside', 'database', 'testing'],
  e2e: ['testing'],
  tools: ['conformance', 'local-infrastructure'],
}

/** Inside a service the arrow is routes → domain → ports; `data` implements the ports (hexagonal architecture). */
const serviceLayers: Record<string, { layers: string[]; libraries: 'any' | 'none' }> = {
  domain: { layers: ['domain', 'ports'], libraries: 'none' },
  ports: { layers: ['domain', 'ports'], libraries: 'none' },
  routes: { layers: ['routes', 'domain', 'ports'], libraries: 'any' },
  data: { layers: ['data', 'domain', 'ports'], libraries: 'any' },
}
/** What the domain may still use: descriptions of data have no side effects. */
const domainLibraries = ['typebox']

const webLayers: Record<string, string[]> = {
  components: ['components', 'lib'],
  lib: ['components', 'lib'],
  features: ['components', 'lib'],
  app: ['components', 'lib', 'features', 'app'],
}

const importStatement =
  /(?:^|[^.\w])(?:import|export)\s[^'"`;]*?from\s*['"]([^'"]+)['"]|(?:^|[^.\w])import\s*\(?\s*['"]([^'"]+)['"]/gm

/** All imports of one source text, with the line each stands on (from 1). */
export function importsOf(source: string): { target: string; line: number }[] {
  return [...source.matchAll(importStatement)].map((match) => ({
    target: (match[1] ?? match[2]) as string,
    line: source.slice(0, (match.index ?? 0) + match[0].length).split('\n').length,
  }))
}

/** Holds one file's imports against the floor plan. `file` is its path from the root, with `/`. */
export function violationsOf(file: string, source: string): Violation[] {
  const workspace = Object.keys(mayImport).find((name) => file.startsWith(`${name}/`))
  if (!workspace)
    return [{ file, line: 1, target: '', rule: 'every source file stands in a room of the floor plan' }]
  return importsOf(source).flatMap(({ target, line }) => {
    const rule = brokenRule(workspace, file, target)
    return rule ? [{ file, line, target, rule }] : []
  })
}

function brokenRule(workspace: string, file: string, target: string): string | undefined {
  const inTests = file.startsWith(`${workspace}/test/`)
  const ours = /^@alicerce\/([^/]+)/.exec(target)?.[1]
  if (ours) {
    const own = ours === workspace.split('/').at(-1)
    const forTests = ours === 'testing' || target === '@alicerce/service-kit/test-suite'
    if (inTests && forTests) return undefined
    if (isPureLayer(workspace, file)) return pureLayerRule
    if (own || mayImport[workspace]?.includes(ours)) return undefined
    return `${workspace} may import ${mayImport[workspace]?.join(', ') || 'none of our packages'}`
  }
  const path = localPath(workspace, file, target)
  if (path && !path.startsWith(`${workspace}/`))
    return 'another workspace is reached by its name, never by a path'
  if (inTests) return undefined
  if (/^apps\/\w+-service$/.test(workspace)) return brokenServiceRule(workspace, file, target, path)
  if (workspace === 'apps/web') return brokenWebRule(file, path)
  return undefined
}

const pureLayerRule = 'domain and ports import no HTTP, SQL or Redis'

function isPureLayer(workspace: string, file: string): boolean {
  if (!/^apps\/\w+-service$/.test(workspace)) return false
  return serviceLayers[file.slice(`${workspace}/src/`.length).split('/')[0] as string]?.libraries === 'none'
}

function localPath(workspace: string, file: string, target: string): string | undefined {
  if (target.startsWith('#src/')) return `${workspace}/src/${target.slice(5)}`
  return target.startsWith('.') ? normalize(join(dirname(file), target)) : undefined
}

function brokenServiceRule(
  workspace: string,
  file: string,
  target: string,
  path?: string,
): string | undefined {
  const layer = file.slice(`${workspace}/src/`.length).split('/')[0] as string
  const allowed = serviceLayers[layer]
  if (!allowed) return undefined
  if (path) {
    const reached = path.slice(`${workspace}/src/`.length).split('/')[0] as string
    return reached in serviceLayers && !allowed.layers.includes(reached)
      ? `${layer} may import ${allowed.layers.join(', ')}`
      : undefined
  }
  const harmless = builtinModules.includes(target.replace('node:', '')) || domainLibraries.includes(target)
  return isPureLayer(workspace, file) && !harmless ? pureLayerRule : undefined
}

function brokenWebRule(file: string, path?: string): string | undefined {
  if (!path) return undefined
  const [layer, feature] = file.slice('apps/web/src/'.length).split('/')
  const [reachedLayer, reachedFeature] = path.slice('apps/web/src/'.length).split('/')
  const allowed = webLayers[layer as string]
  if (!allowed || !((reachedLayer as string) in webLayers)) return undefined
  if (layer === 'features' && reachedLayer === 'features')
    return feature === reachedFeature ? undefined : 'a feature never imports another'
  return allowed.includes(reachedLayer as string) ? undefined : `${layer} may import ${allowed.join(', ')}`
}

/** Its samples break the plan on purpose. */
const ownTest = 'tools/test/floor-plan.test.ts'

/** Every import in the project that the floor plan forbids. */
export function checkFloorPlan(): Violation[] {
  const files = globSync('{apps,packages}/*/{src,test}/**/*.{ts,tsx}', { cwd: root })
    .concat(globSync('{platform,e2e,proof,tools}/**/*.ts', { cwd: root }))
    .filter((file) => !file.includes('node_modules') && file !== ownTest)
  return files.sort().flatMap((file) => violationsOf(file, readFileSync(join(root, file), 'utf8')))
}
