import { type Static, Type } from 'typebox'
import { MoneySchema } from './money.ts'
import { LocalizedTextSchema } from './text.ts'

/** The shelves of the shop, in the order in which they are shown. */
export const categoryIds = [
  'ceramics',
  'tiles',
  'cork',
  'textiles',
  'kitchen',
  'lighting',
  'garden',
  'furniture',
] as const
export type CategoryId = (typeof categoryIds)[number]
export const CategoryIdSchema = Type.Enum([...categoryIds], { title: 'CategoryId', type: 'string' })

/** One shelf of the shop, with the number of its products. */
export type Category = Static<typeof CategorySchema>
export const CategorySchema = Type.Object(
  { id: CategoryIdSchema, name: LocalizedTextSchema, productCount: Type.Integer({ minimum: 0 }) },
  { title: 'Category', additionalProperties: false },
)

/** A row of the table of facts on a product's page. */
export const ProductDetailSchema = Type.Object(
  { label: LocalizedTextSchema, value: LocalizedTextSchema },
  { title: 'ProductDetail', additionalProperties: false },
)

/** Something that can be ordered. */
export type Product = Static<typeof ProductSchema>
export const ProductSchema = Type.Object(
  {
    id: Type.String({ format: 'uuid' }),
    slug: Type.String(),
    name: LocalizedTextSchema,
    category: CategoryIdSchema,
    price: MoneySchema,
    stock: Type.Integer({ minimum: 0 }),
    description: LocalizedTextSchema,
    details: Type.Array(ProductDetailSchema),
    /** What the picture shows, and in which colours; the drawings know both words. */
    motif: Type.String(),
    palette: Type.String(),
    version: Type.Integer({ minimum: 1 }),
  },
  { additionalProperties: false },
)
