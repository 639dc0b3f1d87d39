import type { Database } from '@alicerce/database'
import type { ServiceCache } from '@alicerce/service-kit'
import { sql } from 'kysely'
import { type Static, Type } from 'typebox'
import { type Category, CategorySchema, ProductSchema } from '#src/domain/product.ts'
import { foldText } from '#src/domain/text.ts'
import type { Catalogue, ProductQuery } from '#src/ports/reads.ts'
import { containing, isAfter, type Ordering, orderingOf, pageEnd } from './keyset.ts'
import { productColumns, productOf } from './rows.ts'
import type { Tables } from './schema.ts'

const minute = 60_000
/** Lists take longer than rows, and a list that comes late is better than none. */
const listTimeout = 5000

/** Keeps the keys of this service apart from those of others. */
export const cacheNamespace = 'orders'
/** The tag of all that a change of the assortment makes void. */
export const catalogueTag = 'catalogue'
/** The tag of the lists of one shelf. */
const shelfTags = ({ category }: ProductQuery) => (category === undefined ? [] : [`shelf:${category}`])

const ProductListSchema = Type.Object({
  ids: Type.Array(Type.String()),
  next: Type.Union([
    Type.Object({ value: Type.Union([Type.String(), Type.Number()]), id: Type.String() }),
    Type.Null(),
  ]),
  total: Type.Integer(),
})
type ProductList = Static<typeof ProductListSchema>

const keyOf = ({ category, sort, locale, limit, after }: ProductQuery): string =>
  JSON.stringify([category ?? null, sort, locale, limit, after ?? null])

/** @throws SyntaxError for a key that nobody has made */
function queryOf(key: string): ProductQuery {
  const [category, sort, locale, limit, after] = JSON.parse(key)
  return { ...(category && { category }), sort, locale, limit, ...(after && { after }) }
}

/** The cached reads of the catalogue. */
export function defineCatalogueCaches(cache: ServiceCache<Tables>, database: Database<Tables>) {
  return {
    products: cache.define({
      name: 'product',
      schema: ProductSchema,
      ttl: 10 * minute,
      tags: () => [catalogueTag],
      version: ({ version }) => version,
      load: async (id) => (await readProducts(database, [id])).get(id),
      loadMany: (ids) => readProducts(database, ids),
    }),
    /** Which products, and where the next page begins. What each of them is stands in `product`, so sales leave lists as they are. */
    productLists: cache.define({
      name: 'product-list',
      schema: ProductListSchema,
      ttl: 10 * minute,
      tags: (key) => [catalogueTag, ...shelfTags(queryOf(key))],
      loadTimeout: listTimeout,
      load: (key) => findProducts(database, queryOf(key)),
    }),
    categories: cache.define({
      name: 'category',
      schema: Type.Array(CategorySchema),
      ttl: 10 * minute,
      tags: () => [catalogueTag],
      loadTimeout: listTimeout,
      load: () => readCategories(database),
    }),
  }
}

/** The cached reads of the catalogue. */
export type CatalogueCaches = ReturnType<typeof defineCatalogueCaches>

/** The catalogue on PostgreSQL, its products and shelves through the cache. */
export function createCatalogue(parts: { database: Database<Tables>; caches: CatalogueCaches }): Catalogue {
  const { database, caches } = parts
  /** What somebody searches for is not asked for twice: there is no end to words. */
  const findList = async (query: ProductQuery): Promise<ProductList> =>
    query.search === undefined
      ? ((await caches.productLists.get(keyOf(query))) as ProductList)
      : findProducts(database, query)
  return {
    categories: async () => (await caches.categories.get('all')) ?? [],
    product: (id) => caches.products.get(id),
    async list(query) {
      const { ids, next, total } = await findList(query)
      const found = await caches.products.getMany(ids)
      return { items: ids.flatMap((id) => found.get(id) ?? []), next: next ?? undefined, total }
    },
  }
}

async function readProducts({ query }: Database<Tables>, ids: readonly string[]) {
  const rows = await query
    .selectFrom('product')
    .select(productColumns)
    .where('id', 'in', [...ids])
    .execute()
  return new Map(rows.map((row) => [row.id, productOf(row)]))
}

async function readCategories({ query }: Database<Tables>): Promise<Category[]> {
  const rows = await query
    .selectFrom('category')
    .leftJoin('product', 'product.category_id', 'category.id')
    .select(({ fn }) => [
      'category.id',
      'category.name_en',
      'category.name_pt',
      fn.count('product.id').as('count'),
    ])
    .groupBy('category.id')
    .orderBy('category.position')
    .execute()
  return rows.map((row) => ({
    id: row.id,
    name: { en: row.name_en, 'pt-BR': row.name_pt },
    productCount: Number(row.count),
  }))
}

function orderingFor({ sort, locale }: ProductQuery): Ordering {
  if (sort === 'newest') return { column: 'created_at', type: 'timestamptz', descending: true }
  if (sort === 'name')
    return { column: locale === 'en' ? 'sort_en' : 'sort_pt', type: 'text', descending: false }
  return { column: 'price', type: 'integer', descending: sort === '-price' }
}

async function findProducts({ query }: Database<Tables>, wanted: ProductQuery): Promise<ProductList> {
  const ordering = orderingFor(wanted)
  const words = foldText(wanted.search ?? '')
    .split(' ')
    .filter(Boolean)
  let matching = query.selectFrom('product')
  if (wanted.category) matching = matching.where('category_id', '=', wanted.category)
  for (const word of words) matching = matching.where('search_text', 'like', containing(word))

  let page = matching
    .select('id')
    .select(sql<string | number | Date>`${sql.ref(ordering.column)}`.as('sorted'))
  if (wanted.after) page = page.where(isAfter(ordering, wanted.after))
  for (const expression of orderingOf(ordering)) page = page.orderBy(expression)
  const [rows, counted] = await Promise.all([
    page.limit(wanted.limit + 1).execute(),
    matching.select(({ fn }) => fn.countAll().as('total')).executeTakeFirstOrThrow(),
  ])
  const ids = rows.slice(0, wanted.limit).map(({ id }) => id)
  return { ids, next: pageEnd(rows, wanted.limit) ?? null, total: Number(counted.total) }
}
