import { performance } from 'node:perf_hooks'
import pg from 'pg'

/** What the pool and its connections say when their time is up. */
const timeout = /timeout/

/**
 * A pool whose patience is for PostgreSQL, not for this process. Where the process itself stood still, on a machine that is very busy or while much was
 * compiled, its timers find their time up before it has looked whether a connection is there: every request of that moment would fail although nothing is
 * wrong. Nothing has been sent yet, so it asks once more.
 */
export class PatientPool extends pg.Pool {
  override connect(): Promise<pg.PoolClient>
  override connect(callback: ConnectCallback): void
  override connect(callback?: ConnectCallback): Promise<pg.PoolClient> | undefined {
    if (callback) return void super.connect(callback)
    const before = performance.eventLoopUtilization()
    return super.connect().catch((error: Error) => {
      const { utilization } = performance.eventLoopUtilization(before)
      if (!timeout.test(error.message) || utilization < 0.5) throw error
      return super.connect()
    })
  }
}

type ConnectCallback = (
  error: Error | undefined,
  client: pg.PoolClient | undefined,
  done: (release?: unknown) => void,
) => void
