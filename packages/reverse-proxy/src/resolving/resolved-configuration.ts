import { setTimeout as sleep } from 'node:timers/promises'
import type { ClusterConfiguration, ProxyConfiguration } from '#src/configuration/proxy-configuration.ts'
import type { Log } from '#src/ports.ts'
import type { DestinationResolver, ResolvedAddress } from './destination-resolver.ts'
import { nameOf, resolveDestination } from './resolved-destinations.ts'
import { WatchedName } from './watched-name.ts'

/** A start does not wait longer for name servers that do not answer. */
const longestWait = 5000

type Resolution = { readonly lists: readonly Addresses[]; readonly cluster: ClusterConfiguration }
type Addresses = readonly ResolvedAddress[] | undefined

/**
 * A configuration with its names resolved, again and again (GW-11). Each answer that changes something makes a new one, in which clusters that it
 * does not concern are the same objects as before.
 */
export class ResolvedConfiguration {
  readonly #resolver: DestinationResolver
  readonly #log: Log
  readonly #onChange: (configuration: ProxyConfiguration) => void
  readonly #names = new Map<string, WatchedName>()
  #resolutions = new WeakMap<ClusterConfiguration, Resolution>()
  #written: ProxyConfiguration | undefined

  constructor(parts: {
    resolver: DestinationResolver
    log: Log
    /** Hears of each configuration that follows the one that {@link adopt} gave. */
    onChange(configuration: ProxyConfiguration): void
  }) {
    this.#resolver = parts.resolver
    this.#log = parts.log
    this.#onChange = parts.onChange
  }

  /** Resolves another configuration by what is known now. A name that nobody has asked for yet leads nowhere until its answer comes. */
  adopt(written: ProxyConfiguration): ProxyConfiguration {
    this.#written = written
    const wanted = new Set<string>()
    for (const cluster of written.clusters.values()) {
      const { resolver: configuration, destinations } = cluster
      if (!configuration) continue
      for (const name of destinations.map(nameOf)) {
        if (name === undefined) continue
        const key = keyOf(name, configuration)
        wanted.add(key)
        if (this.#names.has(key)) continue
        const parts = { resolver: this.#resolver, log: this.#log, onChange: () => this.#change() }
        this.#names.set(key, new WatchedName(name, configuration, parts))
      }
    }
    for (const [key, name] of this.#names) {
      if (wanted.has(key)) continue
      name.stop()
      this.#names.delete(key)
    }
    return this.#resolve(written)
  }

  /** Resolves when each name was asked for once, or when that takes too long. */
  async asked(): Promise<void> {
    const ending = new AbortController()
    const asked = Promise.all([...this.#names.values()].map((name) => name.asked))
    const tooLong = sleep(longestWait, undefined, { signal: ending.signal }).catch(() => {})
    await Promise.race([asked, tooLong])
    ending.abort()
  }

  close(): void {
    for (const name of this.#names.values()) name.stop()
    this.#names.clear()
  }

  #change(): void {
    if (this.#written) this.#onChange(this.#resolve(this.#written))
  }

  #resolve(written: ProxyConfiguration): ProxyConfiguration {
    if (this.#names.size === 0) return written
    const clusters = [...written.clusters].map(
      ([id, cluster]) => [id, this.#resolveCluster(cluster)] as const,
    )
    return { ...written, clusters: new Map(clusters) }
  }

  #resolveCluster(cluster: ClusterConfiguration): ClusterConfiguration {
    const { resolver, destinations } = cluster
    if (!resolver) return cluster
    const names = destinations.map(nameOf)
    const lists = names.map(
      (name) => name && this.#names.get(keyOf(name, resolver))?.addresses,
    ) as Addresses[]
    const before = this.#resolutions.get(cluster)
    if (before?.lists.every((list, index) => list === lists[index])) return before.cluster
    const resolved = destinations.flatMap((destination, index) =>
      names[index] === undefined ? destination : resolveDestination(destination, lists[index] ?? []),
    )
    const resolution = { lists, cluster: { ...cluster, destinations: resolved } }
    this.#resolutions.set(cluster, resolution)
    return resolution.cluster
  }
}

const keyOf = (name: string, configuration: object) => `${name} ${JSON.stringify(configuration)}`
