import type { Brush } from '../brush.ts'
import { glaze } from '../ornament.ts'
import { ground, shadow } from '../scene.ts'
import {
  box,
  circle,
  ellipse,
  group,
  lathe,
  leaf,
  line,
  path,
  polygon,
  repeat,
  rounded,
  within,
} from '../shapes.ts'

const greens = ['#4f7d4a', '#6d9a58', '#3c6440', '#86ad6a'] as const
const green = (brush: Brush) => brush.pick(greens)

function pot(brush: Brush, top: number, width: number): string {
  const body = lathe(240, [
    [top, width],
    [top + 22, width - 2],
    [top + 26, width - 10],
    [ground, width * 0.66],
  ])
  return (
    shadow(brush, width * 0.95) +
    path(body, rounded(brush)) +
    glaze(brush, body, [top + 30, ground - 8]) +
    box(240 - width - 4, top - 6, width * 2 + 8, 26, rounded(brush), { rx: 6 })
  )
}

/** A pot with something that grows: leaves, an olive tree, lavender or a succulent. */
export function pottedPlant(brush: Brush): string {
  const plant = brush.pick([bigLeaves, tree, lavender, agave])(brush)
  return plant + pot(brush, brush.between(284, 300), brush.between(70, 88))
}

const bigLeaves = (brush: Brush) =>
  repeat(11, (index) => {
    const angle = (-162 + index * 14.4) * (Math.PI / 180)
    const reach = brush.between(128, 196)
    const tip = [240 + Math.cos(angle) * reach, 296 + Math.sin(angle) * reach] as const
    return (
      path(leaf([240, 300], tip, brush.between(0.14, 0.22)), green(brush)) +
      line(`M240 300L${tip[0].toFixed(1)} ${tip[1].toFixed(1)}`, '#fff', 1.4, { opacity: 0.3 })
    )
  })

const tree = (brush: Brush) =>
  line('M240 300Q230 250 242 200M238 250Q218 222 206 206M240 236Q262 214 272 198', '#7a5a3a', 9) +
  repeat(90, () => {
    const angle = brush.between(0, Math.PI * 2)
    const far = Math.sqrt(brush.random())
    const [x, y] = [240 + Math.cos(angle) * far * 106, 162 + Math.sin(angle) * far * 78]
    return path(leaf([x, y], [x + brush.between(-22, 22), y - brush.between(12, 26)], 0.24), green(brush))
  }) +
  repeat(12, () => circle(brush.between(170, 310), brush.between(120, 214), 5, '#3f3550'))

const lavender = (brush: Brush) =>
  repeat(19, (index) => {
    const lean = (index - 9) * 10 + brush.between(-6, 6)
    const top = brush.between(120, 176)
    const flowers = repeat(7, (bud) =>
      ellipse(240 + lean * (1 - bud * 0.045), top + bud * 10, 6.5, 5.5, bud % 2 ? '#8d78b8' : '#a994cf'),
    )
    return (
      line(
        `M${240 + lean * 0.25} 300Q${240 + lean * 0.4} 230 ${240 + lean} ${top.toFixed(1)}`,
        green(brush),
        2.6,
      ) + flowers
    )
  })

const agave = (brush: Brush) =>
  repeat(15, (index) => {
    const angle = (-172 + index * 11.7) * (Math.PI / 180)
    const reach = brush.between(110, 152)
    return path(
      leaf([240, 304], [240 + Math.cos(angle) * reach, 304 + Math.sin(angle) * reach * 1.12], 0.1),
      green(brush),
    )
  })

export const emptyPots = (brush: Brush) =>
  group(pot(brush, 262, 66), { transform: 'translate(92 0)' }) +
  group(pot(brush, 214, 92), { transform: 'translate(-64 0)' })

export function hangingPot(brush: Brush): string {
  const { palette } = brush
  const vines = repeat(11, (index) => {
    const x = 152 + index * 17.6
    const length = brush.between(50, 150)
    const side = index < 5 ? -1 : 1
    return (
      line(`M${x} 250q${side * 26} ${length * 0.5} ${side * 18} ${length.toFixed(1)}`, green(brush), 2.4) +
      repeat(5, (bud) =>
        path(
          leaf(
            [x + side * (8 + bud * 3), 262 + (length / 5) * bud],
            [x + side * (24 + bud * 3), 274 + (length / 5) * bud],
            0.36,
          ),
          green(brush),
        ),
      )
    )
  })
  return (
    line('M240 0V60M240 60L146 236M240 60L334 236', palette.deep, 3.5) +
    circle(240, 60, 8, palette.accent) +
    repeat(9, (index) =>
      path(leaf([170 + index * 17, 240], [150 + index * 23, brush.between(168, 200)], 0.26), green(brush)),
    ) +
    path(
      lathe(240, [
        [234, 98],
        [282, 92],
        [328, 58],
        [346, 26],
      ]),
      rounded(brush),
    ) +
    box(138, 226, 204, 18, palette.accent, { rx: 8 }) +
    vines
  )
}

export function wateringCan(brush: Brush): string {
  const { palette } = brush
  const body = 'M176 246H330L342 388Q342 396 332 396H174Q164 396 164 388Z'
  return (
    shadow(brush, 116) +
    line('M324 268C420 230 424 372 334 366', palette.deep, 13) +
    line('M196 246C196 172 310 172 310 246', palette.deep, 11) +
    path('M176 352L84 234L104 222L182 300Z', palette.main) +
    path(
      polygon([
        [64, 226],
        [104, 196],
        [116, 226],
        [88, 248],
      ]),
      palette.accent,
    ) +
    path(body, rounded(brush)) +
    glaze(brush, body, [262, 388]) +
    box(168, 238, 170, 13, palette.deep, { rx: 6 })
  )
}

export function birdhouse(brush: Brush): string {
  const { palette } = brush
  return (
    line('M240 396V330', palette.deep, 16) +
    shadow(brush, 40) +
    path('M156 196H324V344H156Z', rounded(brush)) +
    repeat(6, (index) => line(`M${178 + index * 26} 200V342`, palette.ink, 1.5, { opacity: 0.2 })) +
    path('M240 84L360 208H120Z', palette.accent) +
    path('M240 84L360 208H330L240 116L150 208H120Z', palette.deep, { opacity: 0.5 }) +
    circle(240, 252, 29, palette.ink) +
    circle(240, 252, 29, 'none', { stroke: palette.cream, 'stroke-width': 5 }) +
    line('M240 304v22', palette.cream, 8) +
    path('M262 306q14 -24 38 -14l14 -6l-8 12q-2 22 -28 20Z', palette.cream)
  )
}

/** Trowel, fork and shears in a row on the wall. */
export function tools(brush: Brush): string {
  const { palette } = brush
  const steel = '#9aa5ad'
  const handle = (x: number) =>
    box(x - 12, 108, 24, 104, '#b9824f', { rx: 11 }) + box(x - 12, 178, 24, 12, palette.accent)
  const rack = box(90, 82, 300, 20, palette.deep, { rx: 8 })
  return (
    rack +
    [146, 240, 334]
      .map((x) => line(`M${x} 92v18`, palette.ink, 4) + handle(x) + box(x - 5, 206, 10, 40, steel))
      .join('') +
    path(
      'M118 244Q146 234 174 244V304Q166 350 146 366Q126 350 118 304Z',
      rounded(brush, ['#d3dbe0', steel, '#6f7a82']),
    ) +
    line('M212 252H268M214 252V350M240 252V358M266 252V350', steel, 9) +
    path('M306 244H362V330Q334 350 306 330Z', rounded(brush, ['#d3dbe0', steel, '#6f7a82'])) +
    within(brush, 'M306 244H362V330Q334 350 306 330Z', box(300, 300, 70, 5, palette.main))
  )
}
