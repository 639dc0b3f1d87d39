import {
  addCacheAdministration,
  type CacheAdministration,
  type FastifyTyped,
  type OpenApiInfo,
} from '@alicerce/service-kit'
import type { Catalogue } from '#src/ports/reads.ts'
import { addCatalogueRoutes } from './catalogue.ts'
import { addOrderRoutes, type OrderRouteParts } from './orders.ts'
import { addPlaceOrderRoute, type PlaceOrderParts } from './place-order.ts'

/** What the routes need. */
export type RouteParts<Schema> = OrderRouteParts &
  PlaceOrderParts<Schema> & { catalogue: Catalogue; cacheAdministration: CacheAdministration }

/** What the document says of this service. */
export const openApi: OpenApiInfo = {
  title: 'Orders',
  version: '0.1.0',
  description: 'The catalogue of the shop, and the orders of its customers.',
}

/** All routes of this service. */
export function addRoutes<Schema>(app: FastifyTyped, parts: RouteParts<Schema>): void {
  addCatalogueRoutes(app, parts)
  addPlaceOrderRoute(app, parts)
  addOrderRoutes(app, parts)
  addCacheAdministration(app, { name: 'orders', administration: parts.cacheAdministration })
}
