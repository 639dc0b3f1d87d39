import { authorizationServer } from './authorization-server.ts'
import { resourceServers } from './resource-servers.ts'
import { singlePageApp } from './single-page-app.ts'

/** Every statement, in the order of the checklists. */
export const statements = [...authorizationServer, ...resourceServers, ...singlePageApp]
