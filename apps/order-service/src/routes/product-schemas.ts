import { type Static, Type } from 'typebox'
import { MoneySchema } from '#src/domain/money.ts'
import { CategoryIdSchema, CategorySchema, type Product, ProductDetailSchema } from '#src/domain/product.ts'
import { LocalizedTextSchema, locales } from '#src/domain/text.ts'
import { drawingVersion } from '#src/drawings/draw-product.ts'
import { productSorts } from '#src/ports/reads.ts'

const summary = {
  id: Type.String({ format: 'uuid' }),
  slug: Type.String(),
  name: LocalizedTextSchema,
  category: CategoryIdSchema,
  price: MoneySchema,
  stock: Type.Integer({ minimum: 0, description: 'How many can be ordered now' }),
  image: Type.String({ description: 'Path of the picture, as the gateway serves it' }),
}

export const ProductSummarySchema = Type.Object(summary, { title: 'ProductSummary' })
export const ProductSchema = Type.Object(
  {
    ...summary,
    description: LocalizedTextSchema,
    details: Type.Array(ProductDetailSchema),
    version: Type.Integer(),
  },
  { title: 'Product' },
)
export const ProductPageSchema = Type.Object(
  {
    items: Type.Array(ProductSummarySchema),
    nextCursor: Type.Union([Type.String(), Type.Null()]),
    total: Type.Integer({ description: 'How many match on all pages together' }),
  },
  { title: 'ProductPage' },
)
export const CategoryListSchema = Type.Object(
  { items: Type.Array(CategorySchema) },
  { title: 'CategoryList' },
)

export const ProductListQuery = {
  search: Type.Optional(Type.String({ maxLength: 100, description: 'Words, in either language' })),
  category: Type.Optional(CategoryIdSchema),
  sort: Type.Optional(Type.Enum([...productSorts], { type: 'string', default: 'name' })),
  locale: Type.Optional(
    Type.Enum([...locales], { type: 'string', default: 'en', description: 'Whose names are sorted' }),
  ),
}

/** Where the picture of a product is, as the web app reaches it. A new way of drawing has a new address. */
export const imageOf = (productId: string) => `/api/catalogue/products/${productId}/image?v=${drawingVersion}`

/** A product as a list shows it. */
export const summaryOf = ({
  id,
  slug,
  name,
  category,
  price,
  stock,
}: Product): Static<typeof ProductSummarySchema> => ({
  id,
  slug,
  name,
  category,
  price,
  stock,
  image: imageOf(id),
})

/** A product as its page shows it. */
export const representationOf = (product: Product): Static<typeof ProductSchema> => ({
  ...summaryOf(product),
  description: product.description,
  details: product.details,
  version: product.version,
})
