import type { Brush } from '../brush.ts'
import { ground, shadow } from '../scene.ts'
import { box, circle, ellipse, group, lathe, line, path, repeat, rounded, within } from '../shapes.ts'

const tones = { light: '#e2c296', main: '#c99f68', deep: '#9a7040', fleck: '#6f4a25' }

/** A shape cut from cork: lit from the left, with the flecks of bark. */
function corkPiece(brush: Brush, d: string, count = 130): string {
  const flecks = repeat(count, () =>
    ellipse(
      brush.between(60, 420),
      brush.between(60, 420),
      brush.between(1, 4.5),
      brush.between(0.8, 2.2),
      brush.random() > 0.4 ? tones.fleck : tones.light,
      { transform: `rotate(${Math.round(brush.between(-40, 40))} 240 240)` },
    ),
  )
  return (
    path(d, rounded(brush, [tones.light, tones.main, tones.deep])) +
    within(brush, d, group(flecks, { opacity: 0.5 }))
  )
}

const roundRect = (x: number, y: number, width: number, height: number, radius: number) =>
  `M${x + radius} ${y}h${width - 2 * radius}a${radius} ${radius} 0 0 1 ${radius} ${radius}v${height - 2 * radius}a${radius} ${radius} 0 0 1 -${radius} ${radius}h-${width - 2 * radius}a${radius} ${radius} 0 0 1 -${radius} -${radius}v-${height - 2 * radius}a${radius} ${radius} 0 0 1 ${radius} -${radius}Z`

/** A trivet that leans against the wall: a disc with a cut or printed pattern. */
export function trivet(brush: Brush): string {
  const { palette } = brush
  const count = brush.pick([6, 8, 12])
  const print = repeat(count, (index) =>
    path('M240 226Q206 178 240 128Q274 178 240 226Z', index % 2 ? palette.main : palette.accent, {
      transform: `rotate(${(index * 360) / count} 240 240)`,
      opacity: 0.9,
    }),
  )
  return (
    shadow(brush, 118) +
    circle(247, 244, 150, tones.deep) +
    corkPiece(brush, 'M240 92a148 148 0 1 1 0 296a148 148 0 1 1 0-296Z') +
    circle(240, 240, 124, 'none', { stroke: palette.main, 'stroke-width': 5 }) +
    print +
    circle(240, 240, 16, palette.cream)
  )
}

/** A pile of coasters, with one leaning on it. */
export function coasters(brush: Brush): string {
  const { palette } = brush
  const pile = repeat(4, (index) => {
    const y = 372 - index * 22
    return (
      corkPiece(brush, roundRect(110 + index * 2, y, 210, 18, 8), 30) +
      box(112 + index * 2, y, 206, 4, index % 2 ? palette.accent : palette.main, { rx: 2 })
    )
  })
  return (
    shadow(brush, 140) +
    pile +
    circle(336, 306, 86, tones.deep) +
    corkPiece(brush, 'M330 216a86 86 0 1 1 0 172a86 86 0 1 1 0-172Z') +
    circle(330, 302, 62, palette.cream) +
    repeat(8, (index) =>
      path('M330 296Q316 272 330 246Q344 272 330 296Z', index % 2 ? palette.main : palette.accent, {
        transform: `rotate(${index * 45} 330 302)`,
      }),
    )
  )
}

export function corkBowl(brush: Brush): string {
  const width = brush.between(124, 148)
  const fruit = repeat(5, (index) =>
    circle(
      170 + index * 36,
      262 - (index % 2) * 18,
      28,
      index % 2 ? brush.palette.accent : brush.palette.main,
    ),
  )
  return (
    shadow(brush, 100) +
    fruit +
    corkPiece(
      brush,
      lathe(240, [
        [268, width],
        [318, width * 0.9],
        [366, width * 0.62],
        [ground, width * 0.5],
      ]),
    ) +
    box(240 - width, 266, width * 2, 9, brush.palette.main, { rx: 4 })
  )
}

export function corkBag(brush: Brush): string {
  const { palette } = brush
  const body = 'M118 236H362L378 372Q380 396 356 396H124Q100 396 102 372Z'
  return (
    shadow(brush, 140) +
    line('M168 240C168 110 312 110 312 240', palette.deep, 13) +
    line('M168 240C168 116 312 116 312 240', palette.main, 5) +
    corkPiece(brush, body) +
    within(
      brush,
      body,
      box(90, 318, 300, 90, palette.main, { opacity: 0.95 }) + box(90, 312, 300, 4, palette.accent),
    ) +
    box(222, 226, 36, 46, palette.deep, { rx: 6 }) +
    circle(240, 256, 6, palette.accent)
  )
}

export function notebooks(brush: Brush): string {
  const { palette } = brush
  return (
    shadow(brush, 120) +
    box(176, 124, 186, 262, palette.main, { rx: 8, transform: 'rotate(7 260 380)' }) +
    box(138, 128, 192, 268, palette.cream, { rx: 6 }) +
    corkPiece(brush, roundRect(130, 124, 192, 270, 9)) +
    box(130, 124, 26, 270, palette.deep, { opacity: 0.24 }) +
    box(286, 124, 9, 270, palette.main) +
    box(178, 186, 84, 50, palette.cream, { rx: 4 }) +
    line('M192 204H248M192 218H232', palette.deep, 3)
  )
}

export function corkStool(brush: Brush): string {
  const shape = brush.pick([
    [
      [212, 82],
      [250, 96],
      [302, 70],
      [352, 96],
      [ground, 84],
    ],
    [
      [212, 92],
      [260, 88],
      [330, 88],
      [ground, 92],
    ],
    [
      [212, 96],
      [262, 84],
      [304, 62],
      [346, 84],
      [ground, 96],
    ],
  ] as [[number, number][], [number, number][], [number, number][]])
  return (
    shadow(brush, 112) +
    corkPiece(brush, lathe(240, shape)) +
    ellipse(240, 212, shape[0]?.[1] ?? 90, 20, tones.light) +
    ellipse(240, 212, (shape[0]?.[1] ?? 90) - 12, 15, brush.palette.main)
  )
}
