import { hash } from 'node:crypto'

/** Sessions and token ids are stored as hashes: whoever reads the database holds nothing that works (AS-26). */
export const hashOf = (id: string) => hash('sha256', id, 'buffer')

/** Stands for an id that only the caller knows: no id of the provider's begins so, and nothing is found by it. */
const handleSign = '#'

/** Lets the provider save what it found without its id. */
export const handleOf = (hash: Buffer) => handleSign + hash.toString('base64url')

/** Whether it is a handle. */
export const isHandle = (id: string) => id.startsWith(handleSign)

/** The hash of an id, or the one that a handle holds. */
export const hashOfIdOrHandle = (id: string) =>
  isHandle(id) ? Buffer.from(id.slice(handleSign.length), 'base64url') : hashOf(id)
