import type { Random } from '../random.ts'
import type { World } from '../world/world.ts'

/** Something that goes wrong, and is well again when `strike` resolves. */
export type Fault = {
  name: string
  /** Resolves with false where it found no occasion. */
  strike(world: World, random: Random): Promise<boolean>
}

/** A fault that always comes to pass. */
export const fault = (name: string, strike: (world: World, random: Random) => Promise<void>): Fault => ({
  name,
  strike: (world, random) => strike(world, random).then(() => true),
})
