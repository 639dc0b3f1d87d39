import { tile } from '../azulejo.ts'
import type { Brush } from '../brush.ts'
import { ground, shadow } from '../scene.ts'
import { box, circle, ellipse, group, line, moved, path, repeat, rounded, shaded, within } from '../shapes.ts'

const wood = { light: '#d8ad7c', main: '#b07d4c', deep: '#74492a' }
const timber = (brush: Brush) => shaded(brush, wood.light, wood.main)
const leg = (x1: number, y1: number, x2: number, width = 13) =>
  line(`M${x1} ${y1}L${x2} ${ground - 4}`, wood.deep, width)

export function chair(brush: Brush): string {
  const { palette } = brush
  const backs = {
    slats: repeat(3, (index) =>
      box(168, 118 + index * 40, 144, 18, index === 1 ? palette.main : wood.main, { rx: 8 }),
    ),
    spindles:
      repeat(5, (index) => line(`M${184 + index * 28} 112V262`, wood.main, 7)) +
      box(162, 100, 156, 22, palette.main, { rx: 11 }),
    panel:
      path('M172 112Q240 92 308 112V222Q240 234 172 222Z', palette.main) +
      circle(240, 166, 21, palette.accent),
  }
  return (
    shadow(brush, 108) +
    leg(176, 286, 170) +
    leg(304, 286, 310) +
    leg(200, 282, 208, 10) +
    leg(280, 282, 272, 10) +
    line('M168 104L164 290M312 104L316 290', wood.deep, 13) +
    brush.pick([backs.slats, backs.spindles, backs.panel]) +
    path('M146 262H334L346 294Q240 308 134 294Z', rounded(brush)) +
    repeat(12, (index) =>
      line(`M${158 + index * 15} 266L${150 + index * 16.4} 296`, palette.cream, 2, { opacity: 0.5 }),
    ) +
    line('M180 344H300', wood.main, 8)
  )
}

export function stool(brush: Brush): string {
  return (
    shadow(brush, 94) +
    leg(186, 236, 156) +
    leg(294, 236, 324) +
    leg(222, 240, 212, 11) +
    leg(258, 240, 268, 11) +
    line('M174 324H306', wood.main, 9) +
    ellipse(240, 236, 98, 22, wood.deep) +
    ellipse(240, 226, 98, 22, timber(brush)) +
    ellipse(240, 223, 78, 15, brush.palette.main) +
    ellipse(240, 223, 52, 9, brush.palette.accent, { opacity: 0.8 })
  )
}

/** A low table whose top is set with tiles. */
export function sideTable(brush: Brush): string {
  const { palette } = brush
  const top = box(92, 232, 296, 34, wood.deep, { rx: 5 })
  const tiles = repeat(9, (index) =>
    moved(tile({ ...brush, random: () => 0.3, pick: (choices) => choices[0] }), 112 + index * 32, 249, 0.3),
  )
  const flowers = repeat(
    5,
    (index) =>
      line(`M240 188Q${222 + index * 9} 150 ${196 + index * 22} 122`, '#5c8254', 3) +
      circle(196 + index * 22, 118, 12, index % 2 ? palette.accent : palette.light),
  )
  return (
    shadow(brush, 138) +
    leg(120, 262, 108, 14) +
    leg(360, 262, 372, 14) +
    line('M116 348H364', wood.main, 8) +
    top +
    within(brush, 'M96 234H384V264H96Z', tiles) +
    box(88, 222, 304, 13, timber(brush), { rx: 6 }) +
    flowers +
    path('M214 184H266L258 224H222Z', rounded(brush))
  )
}

export function bench(brush: Brush): string {
  const { palette } = brush
  const slats = repeat(brush.pick([3, 4]), (index) =>
    box(64, 168 + index * 26, 352, 17, index % 2 ? palette.main : wood.main, { rx: 6 }),
  )
  return (
    shadow(brush, 176) +
    leg(104, 290, 98, 15) +
    leg(376, 290, 382, 15) +
    line('M92 158V292M388 158V292', wood.deep, 15) +
    slats +
    box(54, 278, 372, 22, timber(brush), { rx: 8 }) +
    box(54, 296, 372, 8, wood.deep, { rx: 4 }) +
    path('M100 222Q142 232 180 222Q176 254 182 280Q140 272 98 280Q104 252 100 222Z', palette.accent)
  )
}

export function shelf(brush: Brush): string {
  const { palette } = brush
  const books = (x: number, y: number) =>
    repeat(6, (index) => {
      const height = brush.between(42, 66)
      return box(
        x + index * 16,
        y - height,
        13,
        height,
        brush.pick([palette.main, palette.accent, palette.deep, palette.light]),
        { rx: 2 },
      )
    })
  const pot = (x: number, y: number) =>
    repeat(5, (index) =>
      line(`M${x + 16} ${y - 30}q${(index - 2) * 8} -20 ${(index - 2) * 14} -34`, '#5f8a55', 5),
    ) + path(`M${x} ${y - 32}h32l-5 32h-22Z`, rounded(brush))
  const boards = [150, 236, 322].map((y) => box(108, y, 264, 13, timber(brush), { rx: 3 })).join('')
  return (
    shadow(brush, 140) +
    line('M112 78V394M368 78V394', wood.deep, 12) +
    boards +
    box(108, 374, 264, 13, wood.main, { rx: 3 }) +
    books(132, 150) +
    pot(286, 150) +
    pot(140, 236) +
    books(242, 236) +
    books(128, 322) +
    circle(312, 298, 24, palette.accent) +
    circle(312, 298, 12, palette.cream)
  )
}

export function mirror(brush: Brush): string {
  const { palette } = brush
  const glass = shaded(brush, '#fbfdfe', '#cfdde6')
  const round = brush.random() > 0.45
  const rays = repeat(24, (index) =>
    path('M236 74L240 34L244 74Z', index % 2 ? palette.accent : palette.main, {
      transform: `rotate(${index * 15} 240 214)`,
    }),
  )
  const gleam = line('M186 250L270 152M212 270L250 226', '#fff', 9, { opacity: 0.75 })
  return round
    ? rays +
        circle(240, 214, 142, palette.deep) +
        circle(240, 214, 132, palette.main) +
        circle(240, 214, 112, glass) +
        gleam
    : box(126, 48, 228, 322, palette.deep, { rx: 114 }) +
        box(132, 48, 222, 318, palette.main, { rx: 110 }) +
        box(152, 68, 182, 278, glass, { rx: 90 }) +
        gleam
}

export function armchair(brush: Brush): string {
  const { palette } = brush
  return (
    shadow(brush, 140) +
    leg(148, 350, 140, 14) +
    leg(332, 350, 340, 14) +
    path('M138 250V168Q138 104 240 104T342 168V250Z', rounded(brush)) +
    repeat(5, (index) =>
      line(`M${176 + index * 32} ${132 + Math.abs(index - 2) * 7}V246`, palette.ink, 2, { opacity: 0.22 }),
    ) +
    box(128, 284, 224, 72, palette.deep, { rx: 18 }) +
    box(136, 250, 208, 56, palette.light, { rx: 24 }) +
    box(98, 214, 56, 148, rounded(brush), { rx: 27 }) +
    box(326, 214, 56, 148, rounded(brush), { rx: 27 }) +
    path('M204 184Q240 192 278 184Q272 220 280 254Q240 246 202 254Q208 218 204 184Z', palette.accent)
  )
}

export function cabinet(brush: Brush): string {
  const { palette } = brush
  const door = (x: number) =>
    box(x, 142, 118, 204, rounded(brush), { rx: 4 }) +
    group(moved(tile(brush), x + 59, 244, 0.94)) +
    box(x, 142, 118, 204, 'none', { stroke: palette.deep, 'stroke-width': 3, rx: 4 })
  return (
    shadow(brush, 150) +
    leg(128, 356, 122, 15) +
    leg(352, 356, 358, 15) +
    box(104, 116, 272, 246, wood.main, { rx: 6 }) +
    box(96, 108, 288, 18, timber(brush), { rx: 6 }) +
    door(118) +
    door(244) +
    circle(228, 244, 6, palette.accent) +
    circle(252, 244, 6, palette.accent)
  )
}
