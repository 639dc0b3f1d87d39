import { describeHttpApp } from '@alicerce/service-kit'
import { addRoutes, openApi, type RouteParts } from './routes/add-routes.ts'

// Prints the OpenAPI document of this service. The routes are described, never called, so that they need no database.
const parts = {} as RouteParts<never>
const document = await describeHttpApp({
  name: 'order-service',
  openApi,
  routes: (app) => addRoutes(app, parts),
})
process.stdout.write(`${JSON.stringify(document, null, 2)}\n`)
