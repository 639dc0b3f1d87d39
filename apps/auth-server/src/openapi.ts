import { describeHttpApp } from '@alicerce/service-kit'
import { type AdministrationParts, addAdministrationRoutes, openApi } from './administration/routes.ts'

// Prints the OpenAPI document of the account API. Routes are added and never called.
const routes = (app: Parameters<typeof addAdministrationRoutes>[0]) =>
  addAdministrationRoutes(app, {} as AdministrationParts)
process.stdout.write(JSON.stringify(await describeHttpApp({ name: 'auth-server', openApi, routes }), null, 2))
