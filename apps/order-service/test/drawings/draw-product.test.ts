import { expect, test } from 'vitest'
import { seededProducts } from '#src/catalogue/products.ts'
import { drawProduct } from '#src/drawings/draw-product.ts'
import { motifs } from '#src/drawings/motifs.ts'

const product = { id: '0190a1b2-0000-7000-8000-00000000abcd', motif: 'vase', palette: 'atlantic' }

test('draws the same product the same way every time', () => {
  expect(drawProduct(product)).toBe(drawProduct({ ...product }))
})

test('gives every product a picture of its own', () => {
  expect(new Set(seededProducts.map(drawProduct)).size).toBe(seededProducts.length)
})

test.each(Object.keys(motifs))('draws %s from shapes alone, small and complete', (motif) => {
  const picture = drawProduct({ ...product, motif })
  expect(picture).toMatch(/^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" [^>]*>.*<\/svg>$/)
  expect(picture).not.toMatch(
    /NaN|undefined|Infinity|<script|<text|<image|<foreignObject|\son\w+=|javascript:/,
  )
  expect(picture.length).toBeLessThan(48_000)
})

test('draws something for words it does not know, and puts no word of the product in', () => {
  const picture = drawProduct({ id: '"><script>', motif: '"><script>', palette: '"><script>' })
  expect(picture).not.toContain('script')
})
