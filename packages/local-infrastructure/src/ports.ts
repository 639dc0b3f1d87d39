import { createServer } from 'node:net'
import { LocalInfrastructureError } from './errors.ts'

/** Everything started here listens on the loopback address alone: nobody outside this machine reaches it. */
export const host = '127.0.0.1'

/** The wanted port if it is free, or any free port where none is wanted.
 * @throws {LocalInfrastructureError} `port-taken` */
export async function claimPort(wanted: number | undefined, program: string): Promise<number> {
  try {
    return await listenOnce(wanted ?? 0)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error
    throw new LocalInfrastructureError(
      'port-taken',
      `Port ${wanted} on ${host}, which ${program} needs, is taken by another program: stop that program, or choose another port.`,
      { cause: error },
    )
  }
}

function listenOnce(port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(port, host, () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address ? address.port : port))
    })
  })
}
