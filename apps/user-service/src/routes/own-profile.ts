import type { Policy } from '@alicerce/access-tokens'
import { entityTag, type FastifyTyped, ifMatch, notModified, preconditionFailed } from '@alicerce/service-kit'
import { Type } from 'typebox'
import { changeOwnProfile, profileFromToken } from '#src/domain/change-profile.ts'
import { ProfileError } from '#src/domain/errors.ts'
import { ProfileChangesSchema, ProfileSchema } from '#src/domain/profile.ts'
import type { ProfileTransactions } from '#src/ports/profile-records.ts'
import type { Profiles } from '#src/ports/profiles.ts'

/** What the routes of one's own profile need. */
export type OwnProfileParts = {
  profiles: Profiles
  transactions: ProfileTransactions
  clock: { now(): number }
}

const readOwn: Policy = { scopes: ['users:read'], user: true }
const writeOwn: Policy = { scopes: ['users:write'], user: true }
const tags = ['profile']

/** What a person does with his own profile: whose it is, his token says. */
export function addOwnProfileRoutes(app: FastifyTyped, parts: OwnProfileParts): void {
  const { profiles, transactions, clock } = parts

  app.get(
    '/users/me',
    {
      config: { policy: readOwn },
      schema: {
        operationId: 'getOwnProfile',
        summary: 'The caller’s own profile',
        tags,
        response: { 200: ProfileSchema, 304: Type.Null() },
      },
    },
    async (request, reply) => {
      const { sub: id, roles } = request.caller
      const profile = (await profiles.get(id)) ?? (await createdProfile(parts, { id, roles }))
      if (notModified(request, reply, profile.version)) return reply.code(304).send(null)
      return profile
    },
  )

  app.put(
    '/users/me',
    {
      config: { policy: writeOwn, ifMatch: true },
      schema: {
        operationId: 'updateOwnProfile',
        summary: 'Replaces what the caller says of himself; what is left out is removed',
        tags,
        body: ProfileChangesSchema,
        response: { 200: ProfileSchema },
      },
    },
    async (request, reply) => {
      const { sub: id, roles } = request.caller
      const isCurrent = ifMatch(request).matches
      const command = { caller: { id, roles }, changes: request.body, isCurrent }
      try {
        const profile = await transactions.run((records) => changeOwnProfile(records, command, clock.now()))
        reply.header('etag', entityTag(profile.version))
        return profile
      } catch (error) {
        if (error instanceof ProfileError) throw preconditionFailed(entityTag(error.fault.current))
        throw error
      }
    },
  )
}

/** Somebody whose registration has not been heard of yet gets a profile from his token; the event completes it. */
async function createdProfile(
  { transactions, clock }: OwnProfileParts,
  known: { id: string; roles: readonly string[] },
) {
  const { profile } = await transactions.run((records) =>
    records.lockOrCreate(profileFromToken(known, clock.now())),
  )
  return profile
}
