import { describeHttpApp } from '@alicerce/service-kit'
import { type ApiParts, addApi, openApi } from './administration/api.ts'

// Prints the OpenAPI document of the administration's API. Routes are added and never called.
const routes = (app: Parameters<typeof addApi>[0]) => addApi(app, {} as ApiParts)
process.stdout.write(JSON.stringify(await describeHttpApp({ name: 'auth-server', openApi, routes }), null, 2))
