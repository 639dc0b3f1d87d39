import {
  conflict,
  entityTag,
  forbidden,
  notFound,
  type Problem,
  preconditionFailed,
  unprocessable,
} from '@alicerce/service-kit'
import { type LineFault, OrderError } from '#src/domain/errors.ts'
import { staffRoles } from '#src/domain/transitions.ts'

/** Runs `work`, and turns what the domain refuses into problem details. */
export async function withOrderProblems<R>(work: () => Promise<R>): Promise<R> {
  try {
    return await work()
  } catch (error) {
    throw error instanceof OrderError ? problemOf(error) : error
  }
}

function problemOf({ fault }: OrderError): Problem {
  switch (fault.code) {
    case 'order-not-found':
      return notFound('There is no such order.')
    case 'stale-version':
      return preconditionFailed(entityTag(fault.current))
    case 'transition-forbidden':
      return forbidden(`To ${fault.action} this order takes one of the roles: ${staffRoles.join(', ')}.`)
    case 'illegal-transition':
      return conflict(
        `An order that is ${fault.current} cannot go there. ${allowedSentence(fault.allowed)}`,
        {
          code: fault.code,
          extra: { current: fault.current, allowed: fault.allowed },
        },
      )
    case 'reason-required':
      return unprocessable('Say why you cancel this order: the customer reads it.', {
        code: fault.code,
        errors: [{ pointer: '#/reason', detail: 'A reason is required from staff.' }],
      })
    case 'insufficient-stock':
      return conflict('Not everything is in stock. Change the quantities and order again.', {
        code: fault.code,
        errors: fault.lines.map(({ index, reason, available }) => ({
          pointer: `#/lines/${index}/quantity`,
          detail: reason,
          available,
        })),
      })
    case 'unknown-product':
      return unprocessable('Some products do not exist.', { code: fault.code, errors: faultsOf(fault.lines) })
    case 'repeated-product':
      return unprocessable('Some products stand in more than one line.', {
        code: fault.code,
        errors: faultsOf(fault.lines),
      })
  }
}

const faultsOf = (lines: readonly LineFault[]) =>
  lines.map(({ index, reason }) => ({ pointer: `#/lines/${index}/productId`, detail: reason }))

const allowedSentence = (allowed: readonly string[]) =>
  allowed.length === 0 ? 'Nothing can be done to it any more.' : `What you can do now: ${allowed.join(', ')}.`
