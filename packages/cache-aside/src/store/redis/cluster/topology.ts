/** One server that has slots, as another one sees it. */
export type Shard = {
  /** `host:port`. */
  address: string
  /** What the server is called in its cluster: another one at the same address has another name. */
  name: string
  /** Pairs of first and last. */
  ranges: readonly (readonly [number, number])[]
  /** Addresses of its replicas. */
  replicas: readonly string[]
}

type Endpoint = [host: Buffer | null, port: number, name: Buffer]

/** Reads a reply to CLUSTER SLOTS. Where a server does not know its own host, it is the one that was asked. */
export function parseSlots(reply: unknown, askedHost: string): Shard[] {
  const shards = new Map<string, Shard & { ranges: [number, number][] }>()
  const addressAt = ([host, port]: Endpoint) => addressOf(host?.toString() || askedHost, port)
  for (const [first, last, primary, ...others] of reply as [number, number, Endpoint, ...Endpoint[]][]) {
    const address = addressAt(primary)
    const replicas = others.map(addressAt).sort()
    const shard = shards.get(address) ?? { address, name: String(primary[2]), ranges: [], replicas }
    shard.ranges.push([first, last])
    shards.set(address, shard)
  }
  return [...shards.values()].sort((one, other) => (one.name < other.name ? -1 : 1))
}

/** The highest slot: those that move a part of the slots elsewhere begin with the lowest. */
export const highestSlot = ({ ranges }: Shard): number => Math.max(...ranges.map(([, last]) => last))

/** Where a server says that a key is. `asking`: only for this command, while the key's slot is being moved. */
export type Redirection = { slot: number; address: string; asking: boolean }

/** `MOVED 3999 127.0.0.1:6381`, or the same with ASK. `undefined`: it is another reply. */
export function parseRedirection(reply: string, askedHost: string): Redirection | undefined {
  const found = /^(MOVED|ASK) (\d+) (.*):(\d+)$/.exec(reply)
  if (!found) return undefined
  const [, kind, slot, host, port] = found as unknown as [string, string, string, string, string]
  return { slot: Number(slot), address: addressOf(host || askedHost, Number(port)), asking: kind === 'ASK' }
}

export const addressOf = (host: string, port: number | string): string =>
  `${host.includes(':') ? `[${host}]` : host}:${port}`
