import type { Engine } from './engine.ts'

type Outbox = NonNullable<Parameters<Engine['createCache']>[0]['outbox']>

type Row = { id: bigint; topic: string; payload: unknown; committedAt?: number; delivered: boolean }

/** A transaction as the outbox sees it. */
export type Tx = { rows: Row[]; actions: (() => void)[] }

/** How an outbox can be wrong. */
export type OutboxFault = 'action before commit'

/** An outbox in memory, asked over a link. Rows have their numbers in the order of their insertion, and are seen in that of the commits. */
export function createModelOutbox(options: {
  step: (label: string) => Promise<void>
  now: () => number
  fault?: OutboxFault | undefined
}) {
  const { step, now, fault } = options
  /** Those of open transactions too. */
  const rows: Row[] = []
  let lastId = 0n

  const isPending = ({ committedAt, delivered }: Row) => committedAt !== undefined && !delivered
  const pending = () =>
    rows.filter(isPending).sort((one, other) => (one.committedAt ?? 0) - (other.committedAt ?? 0))

  function markDelivered(ids: bigint[]): void {
    for (const row of rows) if (ids.includes(row.id)) row.delivered = true
  }

  const outbox: Outbox = {
    async append(tx, appended) {
      const mine = appended.map(({ topic, payload }) => ({ id: ++lastId, topic, payload, delivered: false }))
      ;(tx as Tx).rows.push(...mine)
      rows.push(...mine)
      await step('a row is appended')
      return mine.map(({ id }) => id)
    },
    afterCommit(tx, action) {
      if (fault === 'action before commit') action()
      else (tx as Tx).actions.push(action)
    },
    async markDelivered(ids) {
      await step('rows are marked')
      markDelivered(ids)
    },
    async oldestPending() {
      await step('the outbox is asked')
      const age = now() - Math.min(now(), ...pending().map(({ committedAt }) => committedAt as number))
      await step('the outbox answers')
      return age
    },
    async reopen() {
      await step('rows are reopened')
      for (const row of rows) row.delivered = false
    },
  }

  return {
    outbox,
    begin: (): Tx => ({ rows: [], actions: [] }),
    /** Its rows are seen from now on. What is to be done after it is up to the caller: a writer may crash. */
    commit(tx: Tx): void {
      for (const row of tx.rows) row.committedAt = now()
    },
    /** What a relay would deliver next. */
    next: (): Row | undefined => pending()[0],
    markDelivered,
  }
}

export type ModelOutbox = ReturnType<typeof createModelOutbox>
