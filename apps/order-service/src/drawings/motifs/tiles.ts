import { glazedEdge, starPath, tile } from '../azulejo.ts'
import type { Brush } from '../brush.ts'
import { shadow } from '../scene.ts'
import { box, circle, element, group, leaf, line, moved, path, repeat, turned } from '../shapes.ts'

/** The picture is the pattern: a wall of tiles up to every edge. Needs no scene. */
export function tilePattern(brush: Brush): string {
  const count = brush.pick([3, 4])
  const size = 480 / count
  const one = group(tile(brush) + glazedEdge(brush), { id: 'tile' })
  const wall = repeat(count * count, (index) =>
    element('use', {
      href: '#tile',
      transform: `translate(${((index % count) + 0.5) * size} ${(Math.floor(index / count) + 0.5) * size}) scale(${Math.round(size) / 100})`,
    }),
  )
  return element('defs', {}, one) + wall + box(0, 0, 480, 480, light(brush))
}

/** Daylight that falls on a wall from the upper left. */
const light = ({ define, palette }: Brush) =>
  define((id) =>
    element(
      'linearGradient',
      { id, x1: '0', y1: '0', x2: '1', y2: '1' },
      element('stop', { offset: '0%', 'stop-color': '#fff', 'stop-opacity': '0.2' }) +
        element('stop', { offset: '55%', 'stop-color': '#fff', 'stop-opacity': '0' }) +
        element('stop', { offset: '100%', 'stop-color': palette.ink, 'stop-opacity': '0.16' }),
    ),
  )

/** One tile, leaning against the wall. */
export const singleTile = (brush: Brush) => onePiece(brush, tile(brush))

/** One tile with a figure painted freely on it. */
export function figureTile(brush: Brush): string {
  const { palette } = brush
  const corner = path(leaf([-46, -46], [-24, -24], 0.34), palette.main) + circle(-43, -43, 3, palette.accent)
  const frame = box(-44, -44, 88, 88, 'none', { stroke: palette.main, 'stroke-width': 1.4 })
  const figure = brush.pick([swallow, sardine, lemon, boat, carnation])(brush)
  return onePiece(
    brush,
    box(-50, -50, 100, 100, palette.cream) +
      frame +
      repeat(4, (index) => turned(corner, index * 90)) +
      figure,
  )
}

/** One big star or boss in relief, in a single glaze. */
export function reliefTile(brush: Brush): string {
  const { palette } = brush
  const count = brush.pick([6, 8, 12])
  const raised = repeat(4, (index) => {
    const scale = 1 - index * 0.23
    const fill = [palette.deep, palette.main, palette.light, palette.main][index] as string
    return turned(path(starPath(count, 46 * scale, 34 * scale), fill), index * (180 / count))
  })
  return onePiece(brush, box(-50, -50, 100, 100, palette.main) + raised + circle(0, 0, 5, palette.light))
}

const onePiece = (brush: Brush, content: string) =>
  shadow(brush, 150) +
  box(98, 108, 290, 290, brush.palette.deep, { rx: 5, opacity: 0.5 }) +
  moved(content + glazedEdge(brush), 240, 250, 2.86)

/** Overlapping scales, as on the facades of Aveiro. */
export function scaleTiles(brush: Brush): string {
  const { palette } = brush
  const width = brush.pick([60, 80, 96])
  const colours = [
    palette.main,
    palette.light,
    palette.deep,
    palette.main,
    palette.wall[1],
    palette.light,
    palette.deep,
  ]
  const rows = Math.ceil(480 / (width * 0.5)) + 2
  const scales = repeat(rows * 10, (index) => {
    const row = rows - 1 - Math.floor(index / 10)
    const x = (index % 10) * width + (row % 2 ? -width / 2 : 0)
    const y = row * width * 0.5 - width
    const fill = colours[Math.floor(brush.random() * colours.length)] as string
    return path(`M${x} ${y}v${width / 2}a${width / 2} ${width / 2} 0 0 0 ${width} 0v-${width / 2}Z`, fill, {
      stroke: palette.cream,
      'stroke-width': 2,
    })
  })
  return box(0, 0, 480, 480, palette.main) + scales + box(0, 0, 480, 480, light(brush))
}

/** Tiles set as a slanting chequerboard, the oldest way to cover a church wall. */
export function checkTiles(brush: Brush): string {
  const { palette } = brush
  const size = brush.pick([68, 80, 96])
  const inner = brush.pick([0.5, 0.6, 0.34])
  const squares = repeat(196, (index) => {
    const x = ((index % 14) - 7) * size
    const y = (Math.floor(index / 14) - 7) * size
    const dark = (index + Math.floor(index / 14)) % 2 === 0
    return (
      box(x, y, size, size, dark ? palette.main : palette.cream, {
        stroke: palette.wall[1],
        'stroke-width': 2,
      }) +
      (dark
        ? box(
            x + (size * (1 - inner)) / 2,
            y + (size * (1 - inner)) / 2,
            size * inner,
            size * inner,
            palette.deep,
          )
        : circle(x + size / 2, y + size / 2, size * inner * 0.3, palette.accent))
    )
  })
  return moved(turned(squares, 45), 240, 240) + box(0, 0, 480, 480, light(brush))
}

const swallow = ({ palette }: Brush) =>
  path(
    'M-30 -20C-12 -18 -4 -8 2 -2C10 -14 22 -20 34 -20C24 -12 18 -2 12 6C8 14 0 18 -8 22L-20 34L-16 22L-30 26L-14 14C-10 6 -14 -8 -30 -20Z',
    palette.main,
  ) +
  path('M2 4C6 8 8 12 2 16C-4 18 -8 16 -10 14Z', palette.cream) +
  circle(9, 1, 1.6, palette.cream)

const sardine = ({ palette }: Brush) =>
  turned(
    path('M-34 0C-18 -15 14 -15 28 -2L38 -12V12L28 2C14 15 -18 15 -34 0Z', palette.main) +
      path('M-32 2C-16 13 12 12 26 2C10 6 -16 6 -32 2Z', palette.light) +
      repeat(5, (index) => line(`M${-12 + index * 8} -8q5 8 0 14`, palette.cream, 1.6)) +
      circle(-24, -2, 2.4, palette.cream),
    -22,
  )

const lemon = ({ palette }: Brush) =>
  turned(path('M-28 0C-24 -20 12 -24 26 -4L32 0L26 4C12 24 -24 20 -28 0Z', palette.accent), -18) +
  path(leaf([-14, -18], [18, -36], 0.3), palette.main) +
  path(leaf([-14, -18], [-38, -30], 0.3), palette.deep) +
  line('M-18 6Q-2 16 14 6', palette.cream, 2, { opacity: 0.7 })

const boat = ({ palette }: Brush) =>
  path('M-36 12H36C30 26 22 28 0 28S-30 26 -36 12Z', palette.main) +
  path('M-2 -36V8H-30Z', palette.light) +
  path('M3 -30V8H28Z', palette.accent) +
  line('M-40 34q8 -6 16 0t16 0t16 0t16 0t16 0', palette.deep, 2.4)

const carnation = ({ palette }: Brush) =>
  line('M0 40Q-4 14 0 -6', palette.deep, 3) +
  path(leaf([-1, 28], [-24, 10], 0.26), palette.deep) +
  path(leaf([-1, 22], [22, 4], 0.26), palette.deep) +
  repeat(9, (index) =>
    turned(
      path(leaf([0, -6], [0, -38], 0.28), index % 2 ? palette.main : palette.light),
      index * 20 - 80,
      0,
      -6,
    ),
  ) +
  path('M-8 -8Q0 6 8 -8Z', palette.deep)
