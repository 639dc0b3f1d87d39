import {
  defaultPageSize,
  type FastifyTyped,
  notFound,
  notModified,
  type Paging,
  pageQuery,
  problems,
} from '@alicerce/service-kit'
import { Type } from 'typebox'
import { drawProduct } from '#src/drawings/draw-product.ts'
import type { Catalogue, Position } from '#src/ports/reads.ts'
import {
  CategoryListSchema,
  ProductListQuery,
  ProductPageSchema,
  ProductSchema,
  representationOf,
  summaryOf,
} from './product-schemas.ts'

const ProductId = Type.Object({ id: Type.String({ format: 'uuid' }) })
const tags = ['catalogue']

/** What anybody may look at. It may be kept by browsers for a moment, if they ask again by its ETag afterwards. */
export function addCatalogueRoutes(
  app: FastifyTyped,
  parts: { catalogue: Catalogue; paging: Paging<Position> },
): void {
  const { catalogue, paging } = parts

  app.get(
    '/catalogue/categories',
    {
      config: { policy: 'anonymous' },
      schema: {
        operationId: 'listCategories',
        summary: 'The shelves of the shop, with the number of their products',
        tags,
        response: { 200: CategoryListSchema },
      },
    },
    async () => ({ items: await catalogue.categories() }),
  )

  app.get(
    '/catalogue/products',
    {
      config: { policy: 'anonymous' },
      schema: {
        operationId: 'listProducts',
        summary: 'Products by words, shelf and order',
        tags,
        querystring: Type.Object({ ...ProductListQuery, ...pageQuery }),
        response: { 200: ProductPageSchema },
      },
    },
    async (request) => {
      const { limit = defaultPageSize, cursor, sort = 'name', locale = 'en', ...rest } = request.query
      const filter = { ...rest, sort, locale }
      const after = paging.positionOf(cursor, filter)
      const { items, next, total } = await catalogue.list({ ...filter, limit, ...(after && { after }) })
      return { items: items.map(summaryOf), nextCursor: paging.cursorOf(next, filter), total }
    },
  )

  app.get(
    '/catalogue/products/:id',
    {
      config: { policy: 'anonymous' },
      schema: {
        operationId: 'getProduct',
        summary: 'One product',
        tags,
        params: ProductId,
        response: { 200: ProductSchema, 304: Type.Null(), ...problems(404) },
      },
    },
    async (request, reply) => {
      const product = await productOr404(catalogue, request.params.id)
      if (notModified(request, reply, product.version)) return reply.code(304).send(null)
      return representationOf(product)
    },
  )

  addImageRoute(app, catalogue)
}

/** A year, and never asked for again: another picture would have another address. */
const immutable = 'public, max-age=31536000, immutable'

function addImageRoute(app: FastifyTyped, catalogue: Catalogue): void {
  app.get(
    '/catalogue/products/:id/image',
    {
      config: { policy: 'anonymous' },
      schema: {
        operationId: 'getProductImage',
        summary: 'The picture of a product, drawn from its kind and its colours',
        tags: ['catalogue'],
        params: ProductId,
        querystring: Type.Object({
          v: Type.Optional(Type.Integer({ description: 'Version of the drawing, for caches only' })),
        }),
        response: { 200: { content: { 'image/svg+xml': { schema: Type.String() } } }, ...problems(404) },
      },
    },
    async (request, reply) => {
      const product = await productOr404(catalogue, request.params.id)
      return reply
        .headers({
          'content-type': 'image/svg+xml; charset=utf-8',
          'cache-control': immutable,
          'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'",
          'cross-origin-resource-policy': 'cross-origin',
        })
        .send(drawProduct(product))
    },
  )
}

async function productOr404(catalogue: Catalogue, id: string) {
  const product = await catalogue.product(id)
  if (!product) throw notFound('There is no such product.')
  return product
}
