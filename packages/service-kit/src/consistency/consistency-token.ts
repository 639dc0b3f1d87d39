import { createHash, createHmac, hkdfSync, timingSafeEqual } from 'node:crypto'

/** Versions by the name of what has them. */
export type Versions = ReadonlyMap<string, number>

/**
 * Writes and reads consistency tokens: what somebody has written, told so that his next reads can ask for nothing older. They are signed,
 * so that nobody asks for versions that are not there; what is in them cannot be read.
 */
export type ConsistencyTokens = {
  write(versions: Versions): string
  /** Of one or more tokens with commas between; those of other services are passed over. */
  read(header: string): WrittenVersions
}

/** What tokens tell. */
export type WrittenVersions = {
  /** 0 where nothing is told of it. */
  of(name: string): number
}

const macBytes = 16
const nameBytes = 8
const versionBytes = 6
const recordBytes = nameBytes + versionBytes
/** No header of ours holds more; what comes behind is nobody's. */
const mostTokens = 32

/**
 * Makes the tokens of a service. All its copies need the same `secret`, of which only a derived key is used (HKDF).
 *
 * A token is the base64url of a MAC and of records: eight bytes of the hash of a name, then its version. An order of fifty lines makes one
 * of less than a kilobyte, which with others fits into the headers of a request.
 */
export function createConsistencyTokens({ secret }: { secret: string }): ConsistencyTokens {
  const key = Buffer.from(hkdfSync('sha256', secret, '', 'alicerce consistency tokens', 32))
  const macOf = (records: Buffer) => createHmac('sha256', key).update(records).digest().subarray(0, macBytes)

  function recordsOf(token: string): Buffer | undefined {
    const bytes = Buffer.from(token, 'base64url')
    const records = bytes.subarray(macBytes)
    if (records.length === 0 || records.length % recordBytes !== 0) return undefined
    return timingSafeEqual(bytes.subarray(0, macBytes), macOf(records)) ? records : undefined
  }

  return {
    write(versions) {
      const records = Buffer.alloc(versions.size * recordBytes)
      let at = 0
      for (const [name, version] of versions) {
        hashOf(name).copy(records, at)
        records.writeUIntBE(version, at + nameBytes, versionBytes)
        at += recordBytes
      }
      return Buffer.concat([macOf(records), records]).toString('base64url')
    },
    read(header) {
      const versions = new Map<string, number>()
      for (const token of header.split(',', mostTokens)) {
        const records = recordsOf(token.trim())
        for (let at = 0; records && at < records.length; at += recordBytes) {
          const name = records.toString('latin1', at, at + nameBytes)
          const version = records.readUIntBE(at + nameBytes, versionBytes)
          versions.set(name, Math.max(version, versions.get(name) ?? 0))
        }
      }
      return {
        of: (name) => (versions.size === 0 ? 0 : (versions.get(hashOf(name).toString('latin1')) ?? 0)),
      }
    },
  }
}

/** So long that no two names of one reader's writes will ever meet. */
const hashOf = (name: string) => createHash('sha256').update(name).digest().subarray(0, nameBytes)
