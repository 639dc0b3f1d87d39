import { describeHttpApp, type FastifyTyped } from '@alicerce/service-kit'
import { Type } from 'typebox'
import { GatewayViewSchema, WhichRouteSchema } from './gateway-view/schema.ts'

// Prints the OpenAPI document of what the gateway answers itself. The routes stand here for the document only: they are served by way of
// gateway.json, whose policy this one is.
const policy = { roles: ['administrator'], user: true }
const tags = ['gateway']
const config = { policy }
const neverCalled = () => {
  throw new TypeError('This app only describes itself')
}

const querystring = Type.Object({
  url: Type.String({ description: 'A URL, or a path of this gateway’s own host' }),
  method: Type.Optional(Type.String({ description: 'GET where it is not said' })),
  header: Type.Optional(Type.Array(Type.String(), { description: 'Each `name: value`' })),
})

function routes(app: FastifyTyped): void {
  const view = {
    ...{ operationId: 'readGateway', tags },
    summary:
      'What serves now: routes in match order, clusters with the health of their destinations, live figures',
    response: { 200: GatewayViewSchema },
  }
  app.get('/gateway', { config, schema: view }, neverCalled)
  const which = {
    ...{ operationId: 'whichRoute', tags, querystring },
    summary: 'Which route takes a URL, and what those that are tried before it miss',
    response: { 200: WhichRouteSchema },
  }
  app.get('/gateway/which', { config, schema: which }, neverCalled)
}

const openApi = {
  title: 'Gateway',
  version: '0.1.0',
  description: 'The gateway as its administrators see it.',
}
const document = await describeHttpApp({ name: 'api-gateway', openApi, routes })
process.stdout.write(`${JSON.stringify(document, null, 2)}\n`)
