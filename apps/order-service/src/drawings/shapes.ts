import type { Brush } from './brush.ts'

/** A point of the picture, which is 480 units wide and high. */
export type Point = readonly [x: number, y: number]

const round = (value: number) => Math.round(value * 10) / 10
const at = ([x, y]: Point) => `${round(x)} ${round(y)}`

/** Attributes by name; those that are undefined are left out. */
export type Attributes = Record<string, string | number | undefined>

/** An element of SVG. All values come from this folder, none from a person. */
export function element(name: string, attributes: Attributes, content = ''): string {
  const written = Object.entries(attributes)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => ` ${key}="${typeof value === 'number' ? round(value) : value}"`)
    .join('')
  return content ? `<${name}${written}>${content}</${name}>` : `<${name}${written}/>`
}

export const path = (d: string, fill: string, more: Attributes = {}) => element('path', { d, fill, ...more })
export const line = (d: string, stroke: string, width: number, more: Attributes = {}) =>
  path(d, 'none', {
    stroke,
    'stroke-width': width,
    'stroke-linecap': 'round',
    'stroke-linejoin': 'round',
    ...more,
  })
export const circle = (cx: number, cy: number, r: number, fill: string, more: Attributes = {}) =>
  element('circle', { cx, cy, r, fill, ...more })
export const ellipse = (
  cx: number,
  cy: number,
  rx: number,
  ry: number,
  fill: string,
  more: Attributes = {},
) => element('ellipse', { cx, cy, rx, ry, fill, ...more })
export const box = (
  x: number,
  y: number,
  width: number,
  height: number,
  fill: string,
  more: Attributes = {},
) => element('rect', { x, y, width, height, fill, ...more })
export const group = (content: string, more: Attributes = {}) => element('g', more, content)
export const turned = (content: string, degrees: number, x = 0, y = 0) =>
  group(content, { transform: `rotate(${round(degrees)} ${round(x)} ${round(y)})` })
export const moved = (content: string, x: number, y: number, scale = 1) =>
  group(content, {
    transform: `translate(${round(x)} ${round(y)}) scale(${Math.round(scale * 1000) / 1000})`,
  })
/** `count` copies, each drawn for its own index. */
export const repeat = (count: number, draw: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => draw(index)).join('')

/** A closed shape with straight sides. */
export const polygon = (points: readonly Point[]) => `M${points.map(at).join('L')}Z`

/** A smooth line through the points (Catmull-Rom, as cubic curves). */
export function smooth(points: readonly Point[]): string {
  const segments = points.slice(0, -1).map((point, index) => {
    const next = points[index + 1] as Point
    const before = points[index - 1] ?? point
    const after = points[index + 2] ?? next
    const first: Point = [point[0] + (next[0] - before[0]) / 6, point[1] + (next[1] - before[1]) / 6]
    const second: Point = [next[0] - (after[0] - point[0]) / 6, next[1] - (after[1] - point[1]) / 6]
    return `C${at(first)} ${at(second)} ${at(next)}`
  })
  return `M${at(points[0] as Point)}${segments.join('')}`
}

/** What a potter's wheel makes: half widths at heights, from the rim down to the foot, mirrored about `x`. */
export function lathe(x: number, profile: readonly (readonly [y: number, halfWidth: number])[]): string {
  const right = smooth(profile.map(([y, half]) => [x + half, y]))
  const left = smooth(profile.toReversed().map(([y, half]) => [x - half, y]))
  const [footY, foot] = profile.at(-1) as readonly [number, number]
  return `${right}Q${at([x, footY + foot * 0.14])} ${at([x - foot, footY])}${left.slice(left.indexOf('C'))}Z`
}

/** A leaf from one point to another. */
export function leaf([x1, y1]: Point, [x2, y2]: Point, width: number): string {
  const [dx, dy] = [(y1 - y2) * width, (x2 - x1) * width]
  const middle: Point = [(x1 + x2) / 2, (y1 + y2) / 2]
  return `M${at([x1, y1])}Q${at([middle[0] + dx, middle[1] + dy])} ${at([x2, y2])}Q${at([middle[0] - dx, middle[1] - dy])} ${at([x1, y1])}Z`
}

/** A fill that is lit from the left, as something round is. */
export const rounded = (
  { define, palette }: Brush,
  [light, main, deep] = [palette.light, palette.main, palette.deep],
) => define((id) => gradient(id, [light, main, deep], '0', '1', '0'))

/** A fill from top to bottom. */
export const shaded = ({ define }: Brush, ...colours: string[]) =>
  define((id) => gradient(id, colours, '0', '0', '1'))

function gradient(id: string, colours: string[], x1: string, x2: string, y2: string): string {
  const stops = colours.map((colour, index) =>
    element('stop', { offset: `${Math.round((index / (colours.length - 1)) * 100)}%`, 'stop-color': colour }),
  )
  return element('linearGradient', { id, x1, y1: '0', x2, y2 }, stops.join(''))
}

/** Draws `content` only inside of the shape. */
export const within = ({ define }: Brush, d: string, content: string) =>
  group(content, { 'clip-path': define((id) => element('clipPath', { id }, element('path', { d }))) })
