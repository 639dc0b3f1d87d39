import { namespaceMarkKey, watermarkKey } from '../key/keys.ts'
import { type CacheLog, type OutboxPort, type StartTimer, within } from '../ports.ts'
import type { CacheStore, StoreWatch } from '../store/cache-store.ts'
import type { CacheEvent } from '../telemetry/events.ts'
import { createTrust, type Trust } from './trust.ts'
import { followWatermark } from './watermark.ts'

/** So often within the bound the watermark is looked at: what is looked at late, once, is no reason to do without the cache. */
const looksWithinBound = 4
const readyMilliseconds = 1000

/** Trust in what the levels of a namespace hold, kept by its watermark. */
export type Guard = { trust: Trust; ready(): Promise<void>; close(): Promise<void> }

/** Begins to follow the watermark. */
export function guardTrust<Tx>(options: {
  namespace: string
  store: CacheStore
  outbox: OutboxPort<Tx>
  watch: StoreWatch
  stalenessBound: number
  log: CacheLog
  startTimer: StartTimer
  tell: (event: CacheEvent) => void
}): Guard {
  const { namespace, store, outbox, watch, stalenessBound: bound, log, startTimer, tell } = options
  const trust = createTrust({ bound, connection: store.connection, watch })
  const { promise: certain, resolve } = Promise.withResolvers<void>()
  let told = false
  const watermark = followWatermark({
    ...{ store, outbox, log, startTimer },
    key: watermarkKey(namespace),
    namespaceMark: namespaceMarkKey(namespace),
    period: bound / looksWithinBound,
    learn(certainty) {
      void trust.learn(certainty).then(resolve)
      tellChange()
    },
    learnOfReplicas: trust.learnOfReplicas,
    looked: tellChange,
    begunAnew: () => tell({ type: 'namespace-voided' }),
  })

  /** That it is lost is nobody's deed, but of time passing: it is noticed at the next look. */
  function tellChange(): void {
    const trusted = trust.holds()
    if (trusted === told) return
    told = trusted
    tell({ type: 'trust-changed', trusted })
  }

  return {
    trust,
    async ready() {
      await within(readyMilliseconds, certain, startTimer)
    },
    close: watermark.close,
  }
}
