import type { Brush } from './brush.ts'
import {
  box,
  circle,
  group,
  leaf,
  line,
  moved,
  path,
  polygon,
  repeat,
  smooth,
  turned,
  within,
} from './shapes.ts'

/** Paints a shape as potters do: bands, a flower, a dip of glaze, or speckles only. */
export function glaze(brush: Brush, d: string, [top, bottom]: [number, number]): string {
  const style = brush.pick([bands, flowers, dip, bands, speckles, stripes])
  return within(brush, d, style(brush, top, bottom) + shine(top, bottom))
}

const shine = (top: number, bottom: number) =>
  path(`M168 ${top + 20}Q150 ${(top + bottom) / 2} 176 ${bottom - 30}`, 'none', {
    stroke: '#fff',
    'stroke-width': 12,
    'stroke-linecap': 'round',
    opacity: 0.16,
  })

function bands(brush: Brush, top: number, bottom: number): string {
  const { palette } = brush
  const middle = top + (bottom - top) * brush.between(0.36, 0.56)
  const height = (bottom - top) * 0.2
  const row = brush.pick([diamonds, scallops, petals, waves])
  return (
    box(60, middle - height, 360, height * 2, palette.cream) +
    row(brush, middle, height * 0.72) +
    [-1.18, -1, 1, 1.18].map((step) => box(60, middle + height * step - 2, 360, 4, palette.accent)).join('')
  )
}

const diamonds = ({ palette }: Brush, y: number, size: number) =>
  repeat(14, (index) => {
    const x = 72 + index * size * 1.3
    const diamond = (half: number, fill: string) =>
      path(
        polygon([
          [x, y - half],
          [x + half * 0.62, y],
          [x, y + half],
          [x - half * 0.62, y],
        ]),
        fill,
      )
    return diamond(size, palette.main) + diamond(size * 0.5, palette.accent)
  })

const scallops = ({ palette }: Brush, y: number, size: number) =>
  repeat(20, (index) => {
    const x = 66 + index * size * 1.1
    return (
      path(`M${x} ${y + size}a${size / 1.8} ${size * 1.4} 0 0 1 ${size * 1.1} 0Z`, palette.main) +
      circle(x + size * 0.55, y - size * 0.66, size * 0.16, palette.accent)
    )
  })

const petals = ({ palette }: Brush, y: number, size: number) =>
  repeat(16, (index) => {
    const x = 66 + index * size * 1.5
    return (
      path(leaf([x, y + size * 0.8], [x + size * 0.9, y - size * 0.8], 0.28), palette.main) +
      path(leaf([x + size * 0.75, y + size * 0.8], [x + size * 0.2, y - size * 0.1], 0.3), palette.deep)
    )
  })

const waves = ({ palette }: Brush, y: number, size: number) =>
  [-0.6, 0, 0.6]
    .map((step, row) =>
      line(
        smooth(
          Array.from({ length: 30 }, (_, index) => [60 + index * 13, y + size * step + (index % 2 ? -5 : 5)]),
        ),
        row === 1 ? palette.accent : palette.main,
        size * 0.2,
      ),
    )
    .join('')

function flowers(brush: Brush, top: number, bottom: number): string {
  const y = top + (bottom - top) * 0.52
  const size = Math.min(62, (bottom - top) * 0.3)
  return (
    moved(flower(brush), 240, y, size / 40) +
    [-1, 1].map((side) => moved(sprig(brush, side), 240 + side * size * 1.15, y + 4, size / 44)).join('')
  )
}

/** A flower about the origin, 80 wide. */
export function flower({ palette, pick }: Brush): string {
  const count = pick([5, 6, 8])
  const petal = path(leaf([0, -8], [0, -40], 0.34), palette.cream)
  const inner = path(leaf([0, -8], [0, -26], 0.24), palette.accent, { opacity: 0.85 })
  return (
    repeat(count, (index) => turned(petal + inner, (index * 360) / count)) +
    circle(0, 0, 10, palette.accent) +
    circle(0, 0, 5, palette.cream)
  )
}

/** A twig with leaves from the origin outwards. */
export function sprig({ palette }: Brush, side: number): string {
  const stem = line(`M0 0Q${side * 24} -6 ${side * 46} -22`, palette.cream, 3)
  const leaves = repeat(3, (index) => {
    const x = side * (10 + index * 13)
    const y = -2 - index * 5
    return (
      path(leaf([x, y], [x + side * 10, y - 20], 0.3), palette.cream) +
      path(leaf([x, y], [x + side * 16, y + 10], 0.3), palette.cream)
    )
  })
  return stem + leaves
}

function dip(brush: Brush, top: number, bottom: number): string {
  const { palette } = brush
  const level = top + (bottom - top) * brush.between(0.38, 0.62)
  const edge = Array.from(
    { length: 13 },
    (_, index) => [50 + index * 32, level + brush.between(-7, 9)] as const,
  )
  const fill = brush.pick([palette.cream, palette.accent, palette.deep])
  return path(`${smooth(edge)}L440 480L50 480Z`, fill, { opacity: 0.94 }) + speckles(brush, top, bottom)
}

/** The specks that iron leaves in stoneware. */
const speckles = (brush: Brush, top: number, bottom: number) =>
  group(
    repeat(70, () =>
      circle(brush.between(90, 390), brush.between(top, bottom), brush.between(0.8, 2.2), brush.palette.ink),
    ),
    { opacity: 0.32 },
  )

const stripes = (brush: Brush, top: number, bottom: number) => {
  const count = brush.pick([3, 4, 5, 7])
  const step = (bottom - top) / (count * 2 + 1)
  return repeat(count, (index) =>
    box(
      60,
      top + step * (index * 2 + 1),
      360,
      step * 0.6,
      index % 2 ? brush.palette.accent : brush.palette.cream,
      {
        opacity: 0.9,
      },
    ),
  )
}
