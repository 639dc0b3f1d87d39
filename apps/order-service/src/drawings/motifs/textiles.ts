import type { Brush } from '../brush.ts'
import { flower, sprig } from '../ornament.ts'
import { shadow } from '../scene.ts'
import { box, circle, group, line, moved, path, polygon, repeat, shaded, within } from '../shapes.ts'

/** A woven pattern that covers the whole picture, to be cut to a shape. */
function weave(brush: Brush): string {
  return brush.pick([stripes, lozenges, checks, dots, stripes, embroidery])(brush)
}

function stripes({ palette, pick, random }: Brush): string {
  const vertical = random() > 0.5
  const colours = [palette.main, palette.accent, palette.deep, palette.light]
  const step = pick([18, 26, 38])
  return repeat(Math.ceil(480 / step), (index) => {
    const fill = colours[(index * 7) % colours.length] as string
    const width = index % 3 === 0 ? step * 0.62 : step * 0.22
    return vertical ? box(index * step, 0, width, 480, fill) : box(0, index * step, 480, width, fill)
  })
}

const lozenges = ({ palette, pick }: Brush) => {
  const size = pick([40, 52, 64])
  return repeat(14 * 14, (index) => {
    const x = (index % 14) * size - 20
    const y = Math.floor(index / 14) * size - 20
    const at = (half: number, fill: string) =>
      path(
        polygon([
          [x, y - half],
          [x + half, y],
          [x, y + half],
          [x - half, y],
        ]),
        fill,
      )
    const odd = (index + Math.floor(index / 14)) % 2
    return (
      at(size * 0.46, odd ? palette.main : palette.deep) +
      at(size * 0.24, odd ? palette.cream : palette.accent)
    )
  })
}

const checks = ({ palette, pick }: Brush) => {
  const step = pick([32, 44, 60])
  return repeat(
    16,
    (index) =>
      box(index * step, 0, step / 2, 480, palette.main, { opacity: 0.55 }) +
      box(0, index * step, 480, step / 2, palette.main, { opacity: 0.55 }) +
      box(0, index * step + step * 0.7, 480, 2.5, palette.accent) +
      box(index * step + step * 0.7, 0, 2.5, 480, palette.accent),
  )
}

const dots = ({ palette, pick }: Brush) => {
  const step = pick([26, 34, 44])
  return repeat(20 * 20, (index) => {
    const row = Math.floor(index / 20)
    return circle(
      (index % 20) * step + (row % 2 ? step / 2 : 0),
      row * step,
      step * 0.2,
      row % 3 ? palette.main : palette.accent,
    )
  })
}

/** Hearts, flowers and twigs, as on the sweethearts' handkerchiefs of the Minho. */
const embroidery = (brush: Brush) => {
  const { palette } = brush
  const thread = { ...brush, palette: { ...palette, cream: palette.main } }
  const heart = path('M0 16C-34 -8 -18 -34 0 -18C18 -34 34 -8 0 16Z', palette.accent)
  return repeat(16, (index) => {
    const x = (index % 4) * 104 + 84
    const y = Math.floor(index / 4) * 104 + 84
    return index % 2 === Math.floor(index / 4) % 2
      ? moved(flower(thread), x, y, 0.8)
      : moved(heart + sprig(thread, 1) + sprig(thread, -1), x, y, 0.78)
  })
}

const cloth = (brush: Brush, d: string, ground: string) =>
  path(d, ground) +
  within(brush, d, weave(brush)) +
  path(d, shaded(brush, '#ffffff', '#ffffff', brush.palette.ink), { opacity: 0.16 })

export function cushion(brush: Brush): string {
  const d = 'M104 128Q240 146 376 128Q358 250 378 386Q240 368 102 386Q122 250 104 128Z'
  const tassel = (x: number, y: number) => circle(x, y, 9, brush.palette.accent)
  return (
    shadow(brush, 140) +
    cloth(brush, d, brush.palette.cream) +
    path(d, 'none', { stroke: brush.palette.deep, 'stroke-width': 3, opacity: 0.7 }) +
    tassel(104, 128) +
    tassel(376, 128) +
    tassel(378, 386) +
    tassel(102, 386)
  )
}

/** A pile of folded blankets; the top one hangs over its edge. */
export function blanket(brush: Brush): string {
  const { palette } = brush
  const fold = (y: number, fill: string) =>
    box(98, y, 284, 58, fill, { rx: 26 }) + line(`M124 ${y + 29}H356`, palette.ink, 1.5, { opacity: 0.22 })
  const top = 'M100 196Q100 170 126 170H354Q380 170 380 196V330Q310 338 230 330V228H126Q100 228 100 200Z'
  const fringe = repeat(24, (index) =>
    line(`M${234 + index * 6.2} 332v${14 + (index % 3) * 3}`, palette.cream, 2.4),
  )
  return (
    shadow(brush, 150) +
    fold(338, palette.deep) +
    fold(282, palette.light) +
    fold(226, palette.main) +
    cloth(brush, top, palette.cream) +
    fringe
  )
}

/** A towel or a throw on a rail. */
export function towel(brush: Brush): string {
  const { palette } = brush
  const front = 'M148 118H334V356Q240 366 148 356Z'
  const fringe = repeat(31, (index) =>
    line(`M${150 + index * 6.1} 358v20`, index % 2 ? palette.main : palette.cream, 2.6),
  )
  return (
    line('M84 112H396', palette.deep, 10) +
    circle(84, 112, 11, palette.accent) +
    circle(396, 112, 11, palette.accent) +
    path('M176 116H352V300H176Z', palette.light, { opacity: 0.8 }) +
    cloth(brush, front, palette.cream) +
    fringe
  )
}

/** A rug on the floor, seen from above. */
export function rug(brush: Brush): string {
  const { palette } = brush
  const d = 'M92 62H388V418H92Z'
  const fringe = repeat(42, (index) => line(`M${95 + index * 7.1} 44v392`, palette.cream, 2.6))
  const border = (inset: number, width: number, stroke: string) =>
    box(92 + inset, 62 + inset, 296 - inset * 2, 356 - inset * 2, 'none', { stroke, 'stroke-width': width })
  return (
    box(0, 0, 480, 480, shaded(brush, palette.wall[1], palette.table)) +
    box(98, 70, 296, 356, palette.ink, { opacity: 0.2 }) +
    group(fringe) +
    cloth(brush, d, palette.cream) +
    border(11, 22, palette.main) +
    border(26, 5, palette.accent) +
    border(34, 3, palette.deep)
  )
}
