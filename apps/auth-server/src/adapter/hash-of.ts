import { createHash } from 'node:crypto'

/** Sessions and token ids are stored as hashes: whoever reads the database holds nothing that works (AS-26). */
export const hashOf = (id: string) => createHash('sha256').update(id).digest()
