import { describeConfiguration, type KeyReference } from '@alicerce/reverse-proxy'
import { authorizationPolicyKeys } from './authorization-policies.ts'
import { noPolicies, readOptions } from './gateway-configuration.ts'
import { ownClusterKeys } from './gateway-view/own-routes.ts'
import { rateLimitPolicyKeys } from './rate-limits/read-rate-limits.ts'

const comment =
  'Made by npm run generate from the readers of the gateway. They take keys and choices in any case, and null for what is not set; here each is in its usual case. What a value means, such as a name that must be there, is checked by node apps/api-gateway/src/main.ts --check.'

const describeGateway = () =>
  describeConfiguration(readOptions(noPolicies()), {
    ...{ ...ownClusterKeys, ...authorizationPolicyKeys, ...rateLimitPolicyKeys },
  })

/** The JSON schema of the gateway's configuration file. */
export function configurationSchema(): object {
  const { schema } = describeGateway()
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    $comment: comment,
    title: 'Configuration of the gateway',
    type: 'object',
    properties: {
      $schema: { type: 'string', description: 'Where this schema is, for editors.' },
      ReverseProxy: { description: 'What the gateway reads. It leaves other sections alone.', ...schema },
    },
    required: ['ReverseProxy'],
  }
}

const head = `# Configuration of the gateway

Every key of the section \`ReverseProxy\` in the file that \`PROXY_CONFIGURATION\` names. Made by \`npm run generate\` from the readers of the
gateway, as is the JSON schema [gateway.schema.json](../../apps/api-gateway/gateway.schema.json), by which editors complete keys and mark mistakes:
begin your file with \`"$schema"\` and where it is.

- \`*\` in a path is a name of your own, \`[]\` a member of a list, \`[Key]\` a member of a list that has that key.
- Keys and choices are taken in any case, \`null\` is the same as nothing, and a key that is not here is a fault.
- A time is \`[days.]hours:minutes:seconds[.fraction]\`, such as \`00:00:30\`.
- Keys that YARP has mean here what they mean there.
- \`node apps/api-gateway/src/main.ts --check [file]\` says everything that is wrong with a file.
`

/** The reference of the same keys, in Markdown. */
export function configurationReference(): string {
  const { keys } = describeGateway()
  const sections = Map.groupBy(keys, ({ path }) => path.split(/[.[]/)[0] as string)
  const tables = [...sections].map(([name, rows]) => `\n## ${name}\n\n${tableOf(rows)}\n`)
  return head + tables.join('')
}

const tableOf = (keys: readonly KeyReference[]): string =>
  ['| key | what it may be | default | |', '|---|---|---|---|', ...keys.map(rowOf)].join('\n')

function rowOf({ path, kind, isRequired, default: fallback, description }: KeyReference): string {
  const shown = isRequired ? 'required' : fallback && `\`${fallback}\``
  return `| \`${path}\` | ${kind} | ${shown ?? ''} | ${description.replace(/[|*]/g, '\\$&')} |`
}
