import type { Brush } from '../brush.ts'
import { glaze } from '../ornament.ts'
import { ground, shadow } from '../scene.ts'
import { box, circle, ellipse, group, lathe, leaf, line, path, repeat, rounded, within } from '../shapes.ts'

const wood = { light: '#dfb98a', main: '#bd8a58', deep: '#85582f' }
const woodOf = (brush: Brush) => rounded(brush, [wood.light, wood.main, wood.deep])

/** Boards leaning against the wall. */
export function board(brush: Brush): string {
  const round = brush.random() > 0.5
  const d = round
    ? 'M226 110h28v44a118 118 0 1 1 -28 0Z'
    : 'M222 84h36q10 0 10 10v42q72 4 72 44v192q0 22 -22 22H162q-22 0 -22 -22V180q0 -40 72 -44V94q0 -10 10 -10Z'
  const grain = repeat(11, (index) =>
    line(
      `M${124 + index * 22} 70q${brush.between(-14, 14)} 160 ${brush.between(-8, 8)} 340`,
      wood.deep,
      1.6,
      { opacity: 0.35 },
    ),
  )
  const sprig = repeat(5, (index) =>
    path(
      leaf([300 - index * 12, 388 - index * 4], [312 - index * 16, 360 - index * 6], 0.28),
      brush.palette.main,
    ),
  )
  return (
    shadow(brush, 120) +
    path(d, wood.deep, { transform: 'translate(7 3)' }) +
    path(d, woodOf(brush)) +
    within(brush, d, grain + box(100, round ? 356 : 346, 300, 10, brush.palette.accent, { opacity: 0.85 })) +
    circle(240, round ? 128 : 108, 7, wood.deep) +
    sprig
  )
}

/** Spoons and spatulas in a jar. */
export function utensils(brush: Brush): string {
  const { palette } = brush
  const spoon = (x: number, turn: number, head: string) =>
    group(line('M0 0V-150', wood.main, 12) + head, { transform: `translate(${x} 300) rotate(${turn})` })
  const body = lathe(240, [
    [256, 68],
    [320, 72],
    [ground, 60],
  ])
  return (
    shadow(brush, 80) +
    spoon(214, -15, ellipse(0, -168, 26, 36, wood.light)) +
    spoon(238, -2, path('M-22 -206h44v66h-44Z', wood.main) + line('M-8 -194v40M8 -194v40', wood.deep, 4)) +
    spoon(262, 11, ellipse(0, -166, 22, 32, wood.main)) +
    spoon(280, 22, path('M-16 -196q16 -12 32 0l-5 56h-22Z', wood.light)) +
    path(body, rounded(brush)) +
    glaze(brush, body, [264, ground - 8]) +
    ellipse(240, 257, 68, 9, palette.deep, { opacity: 0.35 })
  )
}

/** The hinged copper pan of the Algarve. */
export function cataplana(brush: Brush): string {
  const copper = rounded(brush, ['#f0b891', '#c9743f', '#86421c'])
  const hammered = repeat(60, () =>
    circle(brush.between(110, 370), brush.between(190, 380), brush.between(4, 8), '#fff', { opacity: 0.1 }),
  )
  const dome = 'M104 286A136 112 0 0 1 376 286Z'
  const base = 'M104 294H376A136 96 0 0 1 284 388H196A136 96 0 0 1 104 294Z'
  return (
    shadow(brush, 116) +
    path(dome, copper) +
    path(base, copper) +
    within(brush, dome, hammered) +
    within(brush, base, hammered) +
    box(96, 282, 288, 15, '#7c3c19', { rx: 7 }) +
    box(66, 280, 38, 19, brush.palette.deep, { rx: 8 }) +
    box(376, 280, 38, 19, brush.palette.deep, { rx: 8 }) +
    line('M212 178Q240 152 268 178', '#86421c', 10) +
    path('M150 262A96 78 0 0 1 214 200', 'none', {
      stroke: '#fff',
      'stroke-width': 9,
      'stroke-linecap': 'round',
      opacity: 0.4,
    })
  )
}

export function pan(brush: Brush): string {
  const { palette } = brush
  const body = 'M112 276H368V352Q368 390 330 390H150Q112 390 112 352Z'
  return (
    shadow(brush, 130) +
    line('M108 308H76M372 308H404', palette.deep, 18) +
    path(body, rounded(brush)) +
    within(brush, body, box(100, 336, 280, 9, palette.accent) + box(100, 352, 280, 4, palette.cream)) +
    path('M106 274Q120 226 240 222Q360 226 374 274Z', rounded(brush)) +
    box(104, 268, 272, 13, palette.deep, { rx: 6 }) +
    circle(240, 210, 18, wood.main) +
    box(233, 214, 14, 14, wood.deep)
  )
}

export function mill(brush: Brush): string {
  const small = lathe(318, [
    [226, 26],
    [262, 22],
    [290, 34],
    [326, 24],
    [ground, 36],
  ])
  const big = lathe(202, [
    [164, 38],
    [214, 30],
    [250, 48],
    [304, 32],
    [ground, 54],
  ])
  return (
    shadow(brush, 70, 210) +
    shadow(brush, 46, 320) +
    path(big, woodOf(brush)) +
    circle(202, 146, 27, brush.palette.main) +
    box(164, 250, 76, 6, brush.palette.accent) +
    path(small, rounded(brush)) +
    circle(318, 212, 19, wood.main) +
    box(286, 288, 64, 5, brush.palette.accent)
  )
}

export function kettle(brush: Brush): string {
  const { palette } = brush
  return (
    shadow(brush, 108) +
    line('M166 232C160 96 320 96 314 232', palette.deep, 11) +
    line('M196 142Q240 112 284 142', wood.main, 19) +
    path('M336 300C372 296 376 246 408 234L418 252C396 268 396 330 340 344Z', palette.main) +
    path(
      lathe(240, [
        [228, 50],
        [258, 92],
        [318, 116],
        [372, 108],
        [ground, 92],
      ]),
      rounded(brush),
    ) +
    path(
      lathe(240, [
        [210, 16],
        [218, 46],
        [232, 56],
      ]),
      palette.deep,
    ) +
    circle(240, 202, 12, palette.accent) +
    path('M156 300Q164 268 192 256', 'none', {
      stroke: '#fff',
      'stroke-width': 9,
      'stroke-linecap': 'round',
      opacity: 0.35,
    })
  )
}

/** A wall of tins, as in the shop windows of Matosinhos. */
export function tins(brush: Brush): string {
  const { palette } = brush
  const colours = [palette.main, palette.accent, palette.deep, palette.light]
  const tin = (x: number, y: number, fill: string) =>
    box(x, y, 132, 60, fill, { rx: 16 }) +
    box(x + 6, y + 6, 120, 48, 'none', { rx: 11, stroke: palette.cream, 'stroke-width': 1.6, opacity: 0.8 }) +
    path(`M${x + 34} ${y + 31}c16 -16 42 -14 54 -2l11 -8v20l-11 -8c-12 12 -38 14 -54 -2Z`, palette.cream) +
    circle(x + 44, y + 29, 2.4, fill)
  const places = [
    [100, 336],
    [240, 336],
    [170, 272],
    [100, 208],
    [240, 208],
    [170, 144],
  ]
  return (
    shadow(brush, 150) +
    places
      .map(([x, y], index) =>
        tin(x as number, y as number, colours[(index + Math.floor(brush.random() * 4)) % 4] as string),
      )
      .join('')
  )
}
