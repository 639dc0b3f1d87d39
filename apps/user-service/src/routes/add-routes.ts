import {
  addCacheAdministration,
  type CacheAdministration,
  type FastifyTyped,
  type OpenApiInfo,
  type Paging,
} from '@alicerce/service-kit'
import type { Position } from '#src/ports/profiles.ts'
import { addOwnProfileRoutes, type OwnProfileParts } from './own-profile.ts'
import { addProfileRoutes } from './profiles.ts'

/** What the routes need. */
export type RouteParts = OwnProfileParts & {
  paging: Paging<Position>
  cacheAdministration: CacheAdministration
}

/** What the document says of this service. */
export const openApi: OpenApiInfo = {
  title: 'Users',
  version: '0.1.0',
  description: 'The profiles of people: each person’s own, and everybody’s for the staff.',
}

/** All routes of this service. */
export function addRoutes(app: FastifyTyped, parts: RouteParts): void {
  addOwnProfileRoutes(app, parts)
  addProfileRoutes(app, parts)
  addCacheAdministration(app, { name: 'users', administration: parts.cacheAdministration })
}
