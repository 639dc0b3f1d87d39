import type { Brush } from './brush.ts'
import { box, circle, group, leaf, line, path, polygon, repeat, turned, within } from './shapes.ts'

/**
 * A tile of 100 × 100 about the origin, as Portuguese pattern tiles are made: one quarter is drawn, and turned four times, so that
 * ornaments close where four tiles meet.
 */
export function tile(brush: Brush): string {
  const { palette } = brush
  const ground = brush.pick([palette.cream, palette.cream, palette.cream, palette.main])
  const painted = ground === palette.cream ? [palette.main, palette.deep] : [palette.cream, palette.light]
  const [first, second] = painted as [string, string]
  const corner = brush.pick([quarterRings, cornerPetals, cornerDiamond, cornerFan])(brush, first, second)
  const side = brush.pick([sideLeaves, sideArcs, sideDots, sideLozenge])(brush, first, second)
  const middle = brush.pick([rosette, star, cross, medallion])(brush, first, second)
  return within(
    brush,
    'M-50 -50H50V50H-50Z',
    box(-50, -50, 100, 100, ground) + repeat(4, (index) => turned(corner + side, index * 90)) + middle,
  )
}

type Part = (brush: Brush, first: string, second: string) => string

const quarterRings: Part = ({ palette }, first, second) =>
  circle(-50, -50, 27, first) +
  circle(-50, -50, 20, palette.cream) +
  circle(-50, -50, 14, palette.accent) +
  circle(-50, -50, 6, second)

const cornerPetals: Part = ({ palette }, first, second) =>
  path(leaf([-50, -50], [-18, -18], 0.3), first) +
  path(leaf([-50, -50], [-12, -42], 0.22), second) +
  path(leaf([-50, -50], [-42, -12], 0.22), second) +
  circle(-50, -50, 8, palette.accent)

const cornerDiamond: Part = ({ palette }, first, second) =>
  path('M-50 -50H-16L-50 -16Z', first) +
  path('M-50 -50H-28L-50 -28Z', palette.accent) +
  line('M-10 -50L-50 -10', second, 3)

const cornerFan: Part = ({ palette }, first, second) =>
  repeat(5, (index) =>
    turned(path(leaf([-50, -50], [-16, -50], 0.14), index % 2 ? second : first), index * 22.5, -50, -50),
  ) + circle(-50, -50, 9, palette.accent)

const sideLeaves: Part = (_, first, second) =>
  path(leaf([0, -50], [-15, -30], 0.32), first) +
  path(leaf([0, -50], [15, -30], 0.32), first) +
  circle(0, -31, 3.4, second)

const sideArcs: Part = (_, first, second) =>
  line('M-18 -50A18 18 0 0 0 18 -50', first, 4.5) + line('M-10 -50A10 10 0 0 0 10 -50', second, 3)

const sideDots: Part = ({ palette }, first) =>
  circle(0, -42, 4.5, first) + circle(-10, -46, 2.6, palette.accent) + circle(10, -46, 2.6, palette.accent)

const sideLozenge: Part = ({ palette }, first) =>
  path(
    polygon([
      [0, -50],
      [8, -38],
      [0, -26],
      [-8, -38],
    ]),
    first,
  ) + circle(0, -38, 3, palette.accent)

const rosette: Part = ({ palette }, first, second) =>
  repeat(8, (index) => turned(path(leaf([0, -5], [0, -25], 0.3), index % 2 ? second : first), index * 45)) +
  circle(0, 0, 7, palette.accent) +
  circle(0, 0, 3, palette.cream)

const star: Part = ({ palette }, first, second) =>
  path(starPath(8, 25, 11), first) + path(starPath(8, 15, 7), palette.accent) + circle(0, 0, 4, second)

const cross: Part = ({ palette }, first, second) =>
  repeat(4, (index) => turned(path('M0 0C-16 -10 -12 -26 0 -24C12 -26 16 -10 0 0Z', first), index * 90)) +
  repeat(4, (index) => turned(path(leaf([0, 0], [0, -20], 0.16), second), 45 + index * 90)) +
  circle(0, 0, 5, palette.accent)

const medallion: Part = ({ palette }, first, second) =>
  circle(0, 0, 23, first) +
  circle(0, 0, 19, palette.cream) +
  repeat(6, (index) =>
    turned(path(leaf([0, 0], [0, -17], 0.28), index % 2 ? palette.accent : second), index * 60),
  )

/** A star about the origin. */
export const starPath = (points: number, outer: number, inner: number) =>
  polygon(
    Array.from({ length: points * 2 }, (_, index) => {
      const radius = index % 2 ? inner : outer
      const angle = (index * Math.PI) / points - Math.PI / 2
      return [Math.cos(angle) * radius, Math.sin(angle) * radius] as const
    }),
  )

/** The light on a glazed edge and the joint around it; laid over a tile of 100 × 100. */
export const glazedEdge = ({ palette }: Brush) =>
  group(
    box(-49.4, -49.4, 98.8, 98.8, 'none', { stroke: palette.ink, 'stroke-width': 1.2, opacity: 0.22 }) +
      path('M-48 48V-48H48', 'none', { stroke: '#fff', 'stroke-width': 1.6, opacity: 0.65 }),
  )
