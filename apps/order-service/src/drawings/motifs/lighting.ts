import type { Brush } from '../brush.ts'
import { glaze } from '../ornament.ts'
import { ground, shadow } from '../scene.ts'
import { box, circle, element, ellipse, lathe, line, path, repeat, rounded, within } from '../shapes.ts'

/** Lamplight on the wall. */
function glow(brush: Brush, x: number, y: number, radius: number): string {
  const fill = brush.define((id) =>
    element(
      'radialGradient',
      { id },
      element('stop', { offset: '0%', 'stop-color': '#fff3c9', 'stop-opacity': '0.95' }) +
        element('stop', { offset: '100%', 'stop-color': '#fff3c9', 'stop-opacity': '0' }),
    ),
  )
  return circle(x, y, radius, fill)
}

const paper = (brush: Brush) => rounded(brush, ['#fffdf2', '#fbeccb', '#e3c98f'])

/** A shade of linen: pleated, banded or plain. */
function shade(brush: Brush, top: number, bottom: number, narrow: number, wide: number): string {
  const d = `M${240 - narrow} ${top}H${240 + narrow}L${240 + wide} ${bottom}H${240 - wide}Z`
  const trim = box(60, bottom - 9, 360, 9, brush.palette.main) + box(60, top, 360, 6, brush.palette.main)
  const pleats = repeat(15, (index) => {
    const step = (index - 7) / 7
    return line(`M${240 + narrow * step} ${top}L${240 + wide * step} ${bottom}`, brush.palette.accent, 1.5, {
      opacity: 0.4,
    })
  })
  const style = brush.pick(['pleats', 'bands', 'plain'])
  const inner =
    style === 'pleats'
      ? pleats
      : style === 'bands'
        ? box(60, (top + bottom) / 2 - 12, 360, 24, brush.palette.light, { opacity: 0.7 })
        : ''
  return path(d, paper(brush)) + within(brush, d, inner + trim)
}

export function tableLamp(brush: Brush): string {
  const belly = brush.between(48, 74)
  const foot = lathe(240, [
    [256, 16],
    [284, belly * 0.7],
    [322, belly],
    [368, belly * 0.74],
    [ground, belly * 0.7],
  ])
  return (
    glow(brush, 240, 190, 210) +
    shadow(brush, 66) +
    box(234, 228, 12, 34, brush.palette.deep) +
    path(foot, rounded(brush)) +
    glaze(brush, foot, [276, ground - 6]) +
    shade(brush, brush.between(96, 116), 240, brush.between(54, 84), brush.between(102, 124))
  )
}

export function pendant(brush: Brush): string {
  const { palette } = brush
  const d = brush.pick([
    lathe(240, [
      [150, 18],
      [172, 56],
      [226, 112],
      [284, 132],
    ]),
    lathe(240, [
      [150, 20],
      [186, 92],
      [244, 122],
      [300, 92],
      [318, 60],
    ]),
    lathe(240, [
      [150, 16],
      [206, 42],
      [262, 92],
      [304, 116],
    ]),
    lathe(240, [
      [150, 60],
      [160, 88],
      [262, 88],
      [290, 84],
    ]),
  ])
  const ribs = repeat(9, (index) => line(`M40 ${164 + index * 18}H440`, palette.cream, 3, { opacity: 0.5 }))
  const weave = repeat(22, (index) =>
    line(`M${120 + index * 11} 140L${60 + index * 17} 330`, palette.deep, 2, { opacity: 0.4 }),
  )
  return (
    glow(brush, 240, 312, 190) +
    line('M240 0V152', palette.ink, 4) +
    box(228, 138, 24, 20, palette.accent, { rx: 4 }) +
    circle(240, 300, 26, '#fff6d6') +
    path(d, rounded(brush)) +
    within(brush, d, brush.pick([ribs, weave, ribs + weave, box(0, 252, 480, 10, palette.accent)]))
  )
}

export function lantern(brush: Brush): string {
  const { palette } = brush
  return (
    glow(brush, 240, 290, 180) +
    shadow(brush, 96) +
    line('M206 148Q240 92 274 148', palette.deep, 8) +
    path('M240 120L344 190H136Z', rounded(brush)) +
    box(150, 190, 180, 194, '#fff4d2', { opacity: 0.85 }) +
    box(214, 296, 52, 88, palette.cream) +
    path('M240 244Q262 280 240 298Q218 280 240 244Z', '#f0a437') +
    [150, 234, 318].map((x) => box(x, 186, 12, 198, palette.main)).join('') +
    repeat(3, (index) => line(`M156 ${238 + index * 50}H324`, palette.main, 4)) +
    box(136, 380, 208, 18, palette.deep, { rx: 3 }) +
    box(140, 184, 200, 12, palette.deep, { rx: 3 })
  )
}

export function floorLamp(brush: Brush): string {
  const { palette } = brush
  const base =
    brush.random() > 0.5
      ? line('M240 190L182 396M240 190L298 396M240 190L250 388', palette.main, 9)
      : line('M240 190V390', palette.deep, 8) + ellipse(240, 392, 62, 11, palette.main)
  return (
    glow(brush, 240, 150, 200) +
    shadow(brush, 84) +
    base +
    shade(brush, 66, 188, brush.between(56, 90), brush.between(92, 112))
  )
}

export function candle(brush: Brush): string {
  const { palette } = brush
  const one = (x: number, top: number, fill: string) =>
    glow(brush, x, top - 22, 70) +
    box(x - 15, top, 30, 330 - top, fill, { rx: 4 }) +
    line(`M${x} ${top}v-9`, palette.ink, 2.5) +
    path(`M${x} ${top - 42}q15 22 0 35q-15 -13 0 -35Z`, '#f2a93c') +
    path(
      lathe(x, [
        [318, 21],
        [334, 17],
        [358, 12],
        [382, 24],
        [ground, 40],
      ]),
      rounded(brush),
    )
  return (
    shadow(brush, 150) +
    one(142, brush.between(190, 220), palette.cream) +
    one(240, brush.between(140, 170), palette.accent) +
    one(338, brush.between(200, 236), palette.cream)
  )
}

export function wallLamp(brush: Brush): string {
  const { palette } = brush
  const d = 'M176 150H304L330 268Q240 300 150 268Z'
  return (
    glow(brush, 240, 220, 230) +
    box(206, 110, 68, 260, palette.deep, { rx: 34 }) +
    circle(240, 336, 9, palette.accent) +
    path(d, rounded(brush)) +
    within(
      brush,
      d,
      repeat(11, (index) =>
        line(`M${180 + index * 12} 140L${150 + index * 18} 300`, palette.cream, 2.4, { opacity: 0.55 }),
      ),
    ) +
    box(168, 142, 144, 13, palette.accent, { rx: 6 })
  )
}
