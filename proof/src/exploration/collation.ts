import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as cache from '@alicerce/cache-aside'
import { createTestRedis, until } from '@alicerce/testing'
import type { Engine } from './engine.ts'
import type { Hunt } from './hunt.ts'
import { createVariant } from './variant.ts'

const locale = 'en_US.UTF-8'
/** In base 256 these have digits that a collation puts in another order than their numbers. */
const versions = Array.from({ length: 60 }, (_, index) => 1 + index * 11)

/** Whether the higher one of two floors stands, in whichever order they came. */
async function keepsTheHigher(engine: Engine, url: string): Promise<boolean> {
  const store = engine.redisStore({ url, deadlineMilliseconds: 20_000 })
  try {
    await until(() => store.get('nothing').then(() => true))
    for (const [index, version] of versions.entries()) {
      const other = versions[(index * 7 + 3) % versions.length] as number
      const key = `floor-${version}`
      for (const floor of [version, other]) await store.raise(key, floor, 60_000)
      const found = await store.acquire(key, Buffer.alloc(16, index + 1), 1000)
      if (found.kind !== 'granted' || found.floor !== Math.max(version, other)) return false
    }
    return true
  } finally {
    await store.close()
  }
}

/**
 * Hunts the mutant that compares floors with `<` of Lua, which goes by the collation of the process: right under `C`, wrong under most others.
 * `undefined` where this machine cannot make such a locale (`localedef`).
 */
export async function huntCollation(): Promise<Hunt | undefined> {
  const folder = mkdtempSync(join(tmpdir(), 'alicerce-locale-'))
  const before = { LC_ALL: process.env.LC_ALL, LOCPATH: process.env.LOCPATH }
  try {
    execFileSync('localedef', ['-i', 'en_US', '-f', 'UTF-8', join(folder, locale)], { stdio: 'ignore' })
    Object.assign(process.env, { LC_ALL: locale, LOCPATH: folder })
    const redis = await createTestRedis().finally(() => restore(before))
    const mutant = 'floors that are compared as text'
    const variant = await createVariant(mutant, [
      {
        file: 'store/redis/scripts.ts',
        before: 'return a > c or (a == c and b > d)',
        after: 'return one > other',
      },
    ])
    try {
      const killed = !(await keepsTheHigher(variant.engine, redis.url))
      const acquitted = await keepsTheHigher(cache, redis.url)
      const claim = `CA-41 floors never fall, whatever language Redis was started in (${locale})`
      return { mutant, claim, killed, schedules: versions.length, acquitted }
    } finally {
      variant.remove()
      await redis.stop()
    }
  } catch (error) {
    if ((error as { syscall?: string }).syscall?.startsWith('spawnSync')) return undefined
    if ((error as { status?: number }).status !== undefined) return undefined
    throw error
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function restore(before: Record<string, string | undefined>): void {
  for (const [name, value] of Object.entries(before)) {
    if (value === undefined) delete process.env[name]
    else process.env[name] = value
  }
}
