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

/** Lines are held back until there are so many characters of them, or for so long. */
const [heldCharacters, heldMilliseconds] = [32_768, 250]
/** What is written into a pipe at once stays together only up to so many bytes (PIPE_BUF): workers of one gateway share standard output. */
const mostTogether = 4096
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
  // It measures the length of all that it holds at each write: lines are gathered here, and written many at once.
  const output = new sonic.SonicBoom({
    dest: target === 'stdout' ? 1 : target,
    ...{ sync: false, maxLength: mostHeldBytes },
    ...(target === 'stdout' && { maxWrite: mostTogether }),
  })
  const mostHeld = target === 'stdout' ? mostTogether : heldCharacters
  let [held, lines] = ['', 0]
  let timer: NodeJS.Timeout | undefined
  output.on('drop', (text) => dropped.inc(text.split('\n').length - 1))
  output.on('error', () => dropped.inc(lines))

  function flush(): void {
    clearTimeout(timer)
    timer = undefined
    const text = held
    ;[held, lines] = ['', 0]
    if (text) output.write(text)
  }

  return {
    write(exchange) {
      const line = accessLine(exchange, withSubject)
      if (held && held.length + line.length > mostHeld) flush()
      held += line
      lines++
      timer ??= setTimeout(flush, heldMilliseconds).unref()
    },
    close() {
      flush()
      const { promise, resolve } = Promise.withResolvers<void>()
      output.once('close', () => resolve())
      output.end()
      return promise
    },
  }
}
