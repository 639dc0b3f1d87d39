import type { Brush } from '../brush.ts'
import { glaze } from '../ornament.ts'
import { ground, shadow } from '../scene.ts'
import { circle, ellipse, lathe, line, path, rounded, within } from '../shapes.ts'

type Profile = readonly (readonly [number, number])[]

/** A glazed vessel turned on the wheel: its body, its ornament, the dark of its mouth. */
function thrown(brush: Brush, profile: Profile, mouth = 0.14): string {
  const [rimY, rim] = profile[0] as readonly [number, number]
  const body = lathe(240, profile)
  return (
    shadow(brush, (profile.at(-1) as readonly [number, number])[1] * 1.35) +
    path(body, rounded(brush)) +
    glaze(brush, body, [rimY + 26, ground - 14]) +
    path(body, rounded(brush, ['#ffffff', '#ffffff', brush.palette.ink]), { opacity: 0.16 }) +
    ellipse(240, rimY, rim, rim * mouth, brush.palette.deep) +
    ellipse(240, rimY, rim, rim * mouth, 'none', { stroke: brush.palette.light, 'stroke-width': 3 })
  )
}

const handle = (brush: Brush, d: string, width = 17) =>
  line(d, brush.palette.deep, width) + line(d, brush.palette.main, width - 6)

export function vase(brush: Brush): string {
  const belly = brush.between(82, 112)
  const neck = brush.between(24, 42)
  const shoulder = brush.between(200, 262)
  return thrown(brush, [
    [104, neck + brush.between(6, 16)],
    [122, neck],
    [shoulder - 46, neck + 14],
    [shoulder, belly],
    [shoulder + 70, belly * 0.92],
    [ground, belly * brush.between(0.46, 0.58)],
  ])
}

export function jug(brush: Brush): string {
  const belly = brush.between(78, 98)
  const spout = path('M190 132Q168 116 150 112Q164 140 186 160Z', brush.palette.main)
  return (
    handle(brush, `M294 156C372 148 376 292 ${240 + belly - 8} 300`) +
    spout +
    thrown(brush, [
      [128, 54],
      [168, 46],
      [224, belly * 0.86],
      [296, belly],
      [352, belly * 0.88],
      [ground, belly * 0.66],
    ])
  )
}

export function mug(brush: Brush): string {
  const width = brush.between(72, 88)
  return (
    handle(
      brush,
      `M${240 + width - 6} 250C${240 + width + 74} 244 ${240 + width + 70} 352 ${240 + width - 12} 350`,
    ) +
    thrown(brush, [
      [208, width],
      [262, width - brush.between(0, 8)],
      [340, width - 2],
      [ground, width - brush.between(8, 22)],
    ])
  )
}

export function bowl(brush: Brush): string {
  const width = brush.between(126, 150)
  const top = brush.between(252, 274)
  return thrown(
    brush,
    [
      [top, width],
      [top + 46, width * 0.9],
      [top + 92, width * 0.6],
      [ground - 14, width * 0.4],
      [ground, width * 0.42],
    ],
    0.2,
  )
}

export function planter(brush: Brush): string {
  const width = brush.between(86, 104)
  return thrown(brush, [
    [226, width],
    [246, width - 3],
    [330, width - 14],
    [ground, width - brush.between(22, 36)],
  ])
}

export function canister(brush: Brush): string {
  const width = brush.between(70, 84)
  const lid = lathe(240, [
    [176, 12],
    [188, 24],
    [200, width * 0.7],
    [222, width + 5],
  ])
  return (
    thrown(brush, [
      [220, width],
      [300, width + 3],
      [ground, width - 4],
    ]) +
    path(lid, rounded(brush)) +
    circle(240, 172, 15, brush.palette.accent)
  )
}

export function teapot(brush: Brush): string {
  const { palette } = brush
  const lid = lathe(240, [
    [200, 8],
    [208, 30],
    [226, 54],
  ])
  return (
    handle(brush, 'M322 276C404 240 410 358 312 356') +
    path('M166 330C128 320 122 262 84 250L100 236C148 246 158 280 186 286Z', palette.main) +
    thrown(brush, [
      [226, 54],
      [250, 82],
      [306, 102],
      [362, 88],
      [ground, 62],
    ]) +
    path(lid, rounded(brush)) +
    circle(240, 194, 13, palette.accent)
  )
}

/** A plate that stands against the wall, seen from the front. */
export function plate(brush: Brush): string {
  const { palette } = brush
  const disc = 'M240 92a146 146 0 1 1 0 292a146 146 0 1 1 0-292Z'
  return (
    shadow(brush, 120) +
    circle(240, 238, 150, palette.deep, { opacity: 0.35 }) +
    circle(240, 236, 150, palette.cream) +
    within(brush, disc, plateOrnament(brush)) +
    circle(240, 236, 150, 'none', { stroke: palette.main, 'stroke-width': 7 }) +
    circle(240, 236, 98, 'none', { stroke: palette.accent, 'stroke-width': 2.5 })
  )
}

function plateOrnament(brush: Brush): string {
  const { palette } = brush
  const count = brush.pick([12, 16, 20, 24])
  const length = brush.between(24, 38)
  const rim = Array.from({ length: count }, (_, index) => {
    const turn = `rotate(${(index * 360) / count} 240 236)`
    const petal = `M240 ${96}Q${240 - length * 0.45} ${96 + length * 0.6} 240 ${96 + length}Q${240 + length * 0.45} ${96 + length * 0.6} 240 96Z`
    return path(petal, index % 2 ? palette.main : palette.accent, { transform: turn })
  }).join('')
  const petals = brush.pick([6, 8, 10])
  const centre = Array.from({ length: petals }, (_, index) =>
    path('M240 226Q216 196 240 162Q264 196 240 226Z', index % 2 ? palette.light : palette.main, {
      transform: `rotate(${(index * 360) / petals} 240 236)`,
    }),
  ).join('')
  return rim + centre + circle(240, 236, 15, palette.accent) + circle(240, 236, 7, palette.cream)
}
