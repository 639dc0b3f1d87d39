import type { Brush } from './brush.ts'
import { box, circle, element, ellipse, group, path, polygon, repeat, shaded } from './shapes.ts'

/** Where things stand: the line of the table on which every motif is drawn. */
export const ground = 396

/** The room around a thing: a wall, something on it, a table. */
export function scene(brush: Brush): string {
  const { palette } = brush
  const wall = box(0, 0, 480, 480, shaded(brush, ...palette.wall))
  const backdrop = brush.pick([disc, arch, sunlight, niche])(brush)
  const table = box(0, ground - 22, 480, 480 - ground + 22, shaded(brush, palette.table, palette.wall[1]))
  const edge = box(0, ground - 22, 480, 1.5, palette.deep, { opacity: 0.14 })
  return wall + backdrop + table + edge
}

/** What a thing of this width leaves on the table. */
export function shadow({ define, palette }: Brush, halfWidth: number, x = 240, y = ground): string {
  const fill = define((id) =>
    element(
      'radialGradient',
      { id },
      element('stop', { offset: '35%', 'stop-color': palette.ink, 'stop-opacity': '0.42' }) +
        element('stop', { offset: '100%', 'stop-color': palette.ink, 'stop-opacity': '0' }),
    ),
  )
  return ellipse(x + halfWidth * 0.12, y + 2, halfWidth * 1.3, Math.min(22, halfWidth * 0.24), fill)
}

const disc = (brush: Brush) =>
  circle(brush.between(200, 290), brush.between(190, 220), brush.between(140, 165), brush.palette.cream, {
    opacity: 0.75,
  })

const arch = ({ palette }: Brush) =>
  path('M92 374V214a148 148 0 0 1 296 0V374Z', palette.cream, { opacity: 0.72 }) +
  path('M92 374V214a148 148 0 0 1 296 0V374h-12V214a136 136 0 0 0-272 0V374Z', palette.table, {
    opacity: 0.5,
  })

const niche = ({ palette }: Brush) =>
  box(70, 70, 340, 304, palette.cream, { opacity: 0.55, rx: 6 }) +
  box(70, 70, 340, 304, 'none', { stroke: palette.table, 'stroke-width': 2, rx: 6, opacity: 0.8 })

/** Light through a window with four panes. */
const sunlight = (brush: Brush) => {
  const left = brush.between(60, 150)
  const pane = (x: number, y: number) =>
    path(
      polygon([
        [x, y],
        [x + 96, y + 18],
        [x + 96, y + 138],
        [x, y + 120],
      ]),
      brush.palette.cream,
    )
  return group(
    repeat(4, (index) => pane(left + (index % 2) * 106, 64 + (index % 2) * 20 + Math.floor(index / 2) * 132)),
    { opacity: 0.8 },
  )
}
