import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

/** A TCP link that can be hurt. */
export type FaultProxy = {
  readonly port: number
  /** The target's URL with the proxy in place of its host and port; `<host>:<port>` where the target is no URL. */
  readonly url: string
  /** Holds every chunk back for so long, in both directions. */
  delay(milliseconds: number): void
  /** Resets all connections, and every new one, until {@link resume}. */
  cut(): void
  /** Carries nothing more while connections stay open, as a half-open link does, until {@link resume}. */
  freeze(): void
  /** Mends the link: no delay, no cut, and what was frozen flows on. */
  resume(): void
  /** Leads to another target from now on: resets all connections, as a failover behind a virtual address does. */
  lead(target: string): void
  close(): Promise<void>
}

/**
 * Puts a proxy in front of `target`: a URL (`redis://…`, `postgres://…`, `http://…`) or `host:port`. It listens on a free port of 127.0.0.1,
 * or with `host` on the port of the target at that address (127.0.0.2, say): for servers that tell clients of each other's ports.
 */
export async function faultProxy({ target, host }: { target: string; host?: string }): Promise<FaultProxy> {
  const isUrl = target.includes('://')
  let address = addressOf(target)
  const links = new Set<Socket>()
  let delay = 0
  let isCut = false
  let frozen: Promise<void> | undefined
  let thaw = () => {}

  const server = createServer({ allowHalfOpen: true }, (client) => {
    if (isCut) return void client.resetAndDestroy()
    const upstream = connect({ ...address, allowHalfOpen: true })
    carry(client, upstream)
    carry(upstream, client)
  })

  function carry(from: Socket, to: Socket): void {
    links.add(from)
    let last = Promise.resolve()
    const inOrder = (act: () => void) => {
      const held = delay > 0 ? new Promise((resolve) => setTimeout(resolve, delay)) : undefined
      last = last.then(async () => {
        await held
        await frozen
        if (!to.destroyed) act()
      })
    }
    from.setNoDelay(true)
    from.on('data', (chunk) => inOrder(() => to.write(chunk)))
    from.on('end', () => inOrder(() => to.end()))
    from.on('error', () => to.resetAndDestroy())
    from.on('close', () => links.delete(from))
  }

  const resetAll = () => {
    for (const link of links) link.resetAndDestroy()
  }
  const resume = () => {
    delay = 0
    isCut = false
    frozen = undefined
    thaw()
  }

  server.listen(host === undefined ? 0 : address.port, host ?? '127.0.0.1')
  await once(server, 'listening')
  const { address: hostname, port } = server.address() as AddressInfo
  return {
    port,
    url: isUrl ? Object.assign(new URL(target), { hostname, port }).href : `${hostname}:${port}`,
    delay: (milliseconds) => {
      delay = milliseconds
    },
    cut: () => {
      isCut = true
      resetAll()
    },
    freeze: () => {
      frozen ??= new Promise((resolve) => {
        thaw = resolve
      })
    },
    resume,
    lead(other) {
      address = addressOf(other)
      resetAll()
    },
    async close() {
      resume()
      resetAll()
      server.close()
      await once(server, 'close')
    },
  }
}

function addressOf(target: string): { host: string; port: number } {
  const { hostname, port } = new URL(target.includes('://') ? target : `tcp://${target}`)
  return { host: hostname, port: Number(port) }
}
