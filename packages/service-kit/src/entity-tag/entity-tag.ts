import type { FastifyReply, FastifyRequest } from 'fastify'
import { preconditionFailed, preconditionRequired } from '#src/problem/problems.ts'

/** The strong entity tag of a version (RFC 9110 §8.8.3): a number or a text that changes with every change. */
export function entityTag(version: number | string): string {
  return `"${version}"`
}

/** The condition that a change brings along in `If-Match`. */
export type IfMatch = {
  /** Whether the resource at this version is what the caller means. */
  matches(version: number | string): boolean
  /**
   * Goes on only if `matches`. Call it inside of the writing transaction, with the version of the locked row.
   * @throws {Problem} 412 with the current ETag
   */
  verify(version: number | string): void
}

/**
 * Reads `If-Match` (RFC 9110 §13.1.1; strong comparison, so a weak tag never matches).
 * @throws {Problem} 428 when it is missing
 */
export function ifMatch(request: Pick<FastifyRequest, 'headers'>): IfMatch {
  const header = request.headers['if-match']
  if (!header) throw preconditionRequired()
  const tags = tagsOf(header)
  const matches = (version: number | string) => tags.includes('*') || tags.includes(entityTag(version))
  return {
    matches,
    verify(version) {
      if (!matches(version)) throw preconditionFailed(entityTag(version))
    },
  }
}

/**
 * Sets the `ETag`, and says whether the caller has this version already (`If-None-Match`, weak comparison, RFC 9110 §13.1.2):
 * `if (notModified(request, reply, order.version)) return reply.code(304).send(null)`. Declare
 * `304: Type.Null()` in the route's contract.
 */
export function notModified(
  request: Pick<FastifyRequest, 'headers'>,
  reply: Pick<FastifyReply, 'header'>,
  version: number | string,
): boolean {
  const tag = entityTag(version)
  reply.header('etag', tag)
  const header = request.headers['if-none-match']
  if (!header) return false
  const tags = tagsOf(header).map((candidate) => candidate.replace(/^W\//, ''))
  return tags.includes('*') || tags.includes(tag)
}

function tagsOf(header: string): string[] {
  if (header.trim() === '*') return ['*']
  return header.match(/(?:W\/)?"[^"]*"/g) ?? []
}
