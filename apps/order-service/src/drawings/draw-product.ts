import { createBrush } from './brush.ts'
import { type MotifName, motifs } from './motifs.ts'
import { type PaletteName, palettes } from './palettes.ts'
import { scene } from './scene.ts'
import { element } from './shapes.ts'

/** Counts up when a picture changes for the same product, since browsers keep pictures for good. */
export const drawingVersion = 1

/**
 * The picture of a product as an SVG document. It depends on nothing but its arguments, and no text of a person is in it. A motif or
 * palette that this version does not know is drawn as a vase or in limestone, so that a picture never fails.
 */
export function drawProduct(product: { id: string; motif: string; palette: string }): string {
  const palette = palettes[product.palette as PaletteName] ?? palettes.limestone
  const motif: { draw: (typeof motifs)['vase']['draw']; whole?: true } =
    motifs[product.motif as MotifName] ?? motifs.vase
  const brush = createBrush(product.id, palette)
  const picture = (motif.whole ? '' : scene(brush)) + motif.draw(brush)
  const attributes = { xmlns: 'http://www.w3.org/2000/svg', viewBox: '0 0 480 480', width: 480, height: 480 }
  return element('svg', attributes, element('defs', {}, brush.definitions() || '<g/>') + picture)
}
