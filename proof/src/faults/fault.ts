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

/** Over only when Redis is as it should be, so that the next one finds it so. */
export const untilRedisIsWell = ({ name, strike }: Fault): Fault => ({
  name,
  async strike(world, random) {
    const struck = await strike(world, random)
    await world.redis.well()
    return struck
  },
})
