import { createHash } from 'node:crypto'
import { euros } from '#src/domain/money.ts'
import { type Category, categoryIds, type Product } from '#src/domain/product.ts'
import type { LocalizedText } from '#src/domain/text.ts'
import type { PaletteName } from '#src/drawings/palettes.ts'
import { type Family, families } from './families.ts'
import { categoryNames, colours, labels, materials } from './words.ts'

/** A product of the first stock, with the day on which the shop took it in. */
export type SeededProduct = Product & { addedAt: string }

const text = ([en, pt]: readonly [string, string]): LocalizedText => ({ en, 'pt-BR': pt })

/** A number from 0 to 255 that belongs to `seed` for good. */
const byteOf = (seed: string) => createHash('sha256').update(seed).digest()[0] as number

/** The shelves of the shop. */
export const seededCategories: Omit<Category, 'productCount'>[] = categoryIds.map((id) => ({
  id,
  name: text(categoryNames[id]),
}))

/** The first stock: every family in each of its colours. The same ids, prices and counts on every machine. */
export const seededProducts: SeededProduct[] = families.flatMap((family, index) =>
  family.colours.map((colour, position) => productOf(family, colour, index, position)),
)

function productOf(family: Family, colour: PaletteName, index: number, position: number): SeededProduct {
  const slug = `${family.slug}-${colours[colour].name[0].toLowerCase().replaceAll(' ', '-')}`
  const { name, sentence } = colours[colour]
  return {
    id: idOf(slug),
    slug,
    name: text([`${family.name[0]}, ${name[0]}`, `${family.name[1]}, ${name[1]}`]),
    category: family.category,
    price: euros(priceOf(family, position)),
    stock: stockOf(slug),
    description: text([`${family.story[0]} ${sentence[0]}`, `${family.story[1]} ${sentence[1]}`]),
    details: detailsOf(family),
    motif: family.motif,
    palette: colour,
    version: 1,
    addedAt: new Date(Date.UTC(2026, 0, 5) + ((index * 37 + position * 61) % 290) * 86_400_000).toISOString(),
  }
}

/** Rarer colours cost a little more. */
function priceOf({ price }: Family, position: number): number {
  return price + (position > 1 ? Math.round((price * 0.06) / 50) * 50 : 0)
}

/** Mostly enough, sometimes few, now and then none. */
function stockOf(slug: string): number {
  const byte = byteOf(slug)
  if (byte < 8) return 0
  return byte < 32 ? (byte % 4) + 1 : 12 + (byte % 60)
}

function detailsOf({ material, size }: Family): Product['details'] {
  const { name, origin, care } = materials[material]
  const unit = /\d g$/.test(size) ? '' : ' cm'
  return [
    { label: text(labels.material), value: text(name) },
    { label: text(labels.size), value: text([`${size}${unit}`, `${size}${unit}`]) },
    { label: text(labels.origin), value: text(origin) },
    { label: text(labels.care), value: text(care) },
  ]
}

/** A UUID of the slug (version 8, RFC 9562 §5.8). */
export function idOf(slug: string): string {
  const hex = createHash('sha256').update(`alicerce:product:${slug}`).digest('hex')
  const variant = ((Number.parseInt(hex[16] as string, 16) & 3) | 8).toString(16)
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}
