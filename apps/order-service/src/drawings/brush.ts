import { createSeededRandom } from '#src/seeded-random.ts'
import type { Palette } from './palettes.ts'

/** Everything that a motif draws with. The same product always gets the same brush, so its picture never changes. */
export type Brush = {
  readonly palette: Palette
  /** The next of a fixed row of numbers in [0, 1). */
  random(): number
  /** A number between the two. */
  between(low: number, high: number): number
  pick<T>(choices: readonly [T, ...T[]]): T
  /** Puts a gradient, a pattern or a clip into `<defs>` and gives `url(#…)`. */
  define(element: (id: string) => string): string
  /** All that was defined. */
  definitions(): string
}

/** Makes the brush of one picture. */
export function createBrush(seed: string, palette: Palette): Brush {
  const random = createSeededRandom(seed)
  const defined: string[] = []
  return {
    palette,
    random,
    between: (low, high) => low + random() * (high - low),
    pick: <T>(choices: readonly [T, ...T[]]) => choices[Math.floor(random() * choices.length)] ?? choices[0],
    define(element) {
      const id = `d${defined.length}`
      defined.push('') // its place is taken before the element may define others
      defined[Number(id.slice(1))] = element(id)
      return `url(#${id})`
    },
    definitions: () => defined.join(''),
  }
}
