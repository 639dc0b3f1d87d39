import type { Exchange } from '@alicerce/reverse-proxy'
import { Counter, type Registry } from 'prom-client'
import sonic from 'sonic-boom'
import type { ApiGatewayConfig } from '#src/config.ts'
import { accessLine } from './access-line.ts'

/** Writes what became of each request. */
export type AccessLog = {
  write(exchange: Exchange): void
  /** Writes what is still held back. */
  close(): Promise<void>
}

/** Lines are held back until there are so many bytes of them, or for so long. */
const [heldBytes, heldMilliseconds] = [8192, 250]
/** Where the reader of the log stands still, lines are dropped and counted: a log never stops the traffic. */
const mostHeldBytes = 8 * 1024 * 1024

/** Makes the access log that the configuration asks for. */
export function createAccessLog(
  { ACCESS_LOG: target, ACCESS_LOG_SUBJECT: withSubject }: ApiGatewayConfig,
  registry: Registry,
): AccessLog {
  const dropped = new Counter({
    name: 'gateway_access_log_dropped_total',
    help: 'Lines of the access log that nobody read in time',
    registers: [registry],
  })
  const output = new sonic.SonicBoom({
    dest: target === 'stdout' ? 1 : target,
    ...{ sync: false, minLength: heldBytes, maxLength: mostHeldBytes },
    periodicFlush: heldMilliseconds,
  })
  output.on('drop', () => dropped.inc())
  output.on('error', () => dropped.inc())
  return {
    write: (exchange) => void output.write(accessLine(exchange, withSubject)),
    close() {
      const { promise, resolve } = Promise.withResolvers<void>()
      output.flush(() => resolve())
      return promise
    },
  }
}
