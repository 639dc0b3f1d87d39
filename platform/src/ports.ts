import { createServer } from 'node:net'

/** Every port the platform listens on, all at a fixed distance from the gateway's. */
export type Ports = {
  gateway: number
  auth: number
  users: number
  orders: number
  gatewayAdmin: number
  authAdmin: number
  usersAdmin: number
  ordersAdmin: number
  postgres: number
  redis: number
  vite: number
}

/** The ports for a gateway on `port`; with 8080 they read like the ones that people know (8432, 8379). */
export function portsFrom(port: number): Ports {
  return {
    gateway: port,
    auth: port + 1,
    users: port + 11,
    orders: port + 12,
    gatewayAdmin: port + 1000,
    authAdmin: port + 1001,
    usersAdmin: port + 1011,
    ordersAdmin: port + 1012,
    postgres: port + 352,
    redis: port + 299,
    vite: port + 93,
  }
}

/** Another program listens where we must. */
export class PortTakenError extends Error {
  readonly code = 'port-taken'
  constructor(ports: number[]) {
    const list = ports.join(', ')
    super(
      ports.length === 1
        ? `Port ${list} is used by another program. Stop it, or choose other ports: npm start -- --port 9000`
        : `Ports ${list} are used by other programs. Stop them, or choose other ports: npm start -- --port 9000`,
    )
  }
}

/**
 * Makes sure that nothing listens on `ports` of this machine yet, so that a start fails before it has begun.
 * @throws {PortTakenError} naming all that are taken
 */
export async function assertPortsFree(ports: number[]): Promise<void> {
  const free = await Promise.all(ports.map(isFree))
  const taken = ports.filter((_, index) => !free[index])
  if (taken.length > 0) throw new PortTakenError(taken)
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => server.close(() => resolve(true)))
  })
}
