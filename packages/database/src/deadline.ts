import { DatabaseError, type DatabaseErrorCode } from './errors.ts'

/**
 * Waits for `work`, but not longer than `milliseconds`. The work itself goes on; only the waiting ends.
 * @throws {DatabaseError} with `code` when the time is over
 */
export async function withinDeadline<R>(
  work: Promise<R>,
  milliseconds: number,
  code: DatabaseErrorCode,
  what: string,
): Promise<R> {
  let timer: NodeJS.Timeout | undefined
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new DatabaseError(code, `${what} took longer than ${milliseconds} ms.`)),
      milliseconds,
    )
  })
  try {
    return await Promise.race([work, timeout])
  } finally {
    clearTimeout(timer)
  }
}
