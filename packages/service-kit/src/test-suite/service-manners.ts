import { describe } from 'vitest'
import { changeManners } from './change-manners.ts'
import { createClient } from './client.ts'
import { createManners } from './create-manners.ts'
import { generalManners } from './general-manners.ts'
import { identityManners } from './identity-manners.ts'
import { listManners } from './list-manners.ts'
import type { MannersOptions } from './samples.ts'

export type { ChangeSample, CreateSample, ListSample, MannersOptions } from './samples.ts'

/**
 * The contract suite of every service: call it in a Vitest file, and it adds a test for each manner (SV-…) that can be seen from
 * outside. It changes and creates what the samples name.
 */
export function serviceManners(options: MannersOptions): void {
  const send = createClient(options)
  describe('the manners of every service', () => {
    generalManners(options, send)
    identityManners(options, send)
    if (options.change) changeManners(options.change, send)
    if (options.create) createManners(options.create, send, options.tokens.other)
    if (options.list) listManners(options.list, send)
  })
}
