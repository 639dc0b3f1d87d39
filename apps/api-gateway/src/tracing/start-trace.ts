import type { IncomingMessage } from 'node:http'
import { isFrom, type ProxyConfiguration } from '@alicerce/reverse-proxy'
import { continueTrace, type TraceContext } from '@alicerce/service-kit'

/** Where an exchange stands in its trace. */
export type TraceStart = { readonly trace: TraceContext; readonly parentSpanId: string | undefined }

/**
 * Makes the beginning of each exchange's trace: the client's goes on, or a new one begins (W3C Trace Context). Whether it is recorded says a
 * proxy that is trusted, or the gateway itself: a client could have everything recorded, or nothing (§5.3 there).
 */
export function createTraceStart(parts: {
  trustedProxies(): ProxyConfiguration['trustedProxies']
  /** Of so many traces that begin here one is recorded. */
  oneIn: number
}): (request: IncomingMessage) => TraceStart {
  const { trustedProxies, oneIn } = parts
  const ownFlags = () => (oneIn === 1 || Math.random() * oneIn < 1 ? '01' : '00')
  return (request) => {
    const traceparent = traceparentOf(request.rawHeaders)
    const trace = continueTrace(traceparent)
    const isContinued = traceparent?.startsWith(trace.traceId, idAt)
    const flags = isContinued && isFrom(request, trustedProxies()) ? trace.flags : ownFlags()
    return {
      trace: flags === trace.flags ? trace : { ...trace, flags },
      parentSpanId: isContinued ? traceparent?.slice(parentAt, parentEnd) : undefined,
    }
  }
}

/** Where ids stand in the header. */
const [idAt, parentAt, parentEnd] = [3, 36, 52]

/** The header, where there is exactly one (W3C Trace Context §2.2). Looked for in the raw list: nearly all names differ by their length. */
function traceparentOf(rawHeaders: readonly string[]): string | undefined {
  let found: string | undefined
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index] as string
    if (name.length !== 11 || name.toLowerCase() !== 'traceparent') continue
    if (found !== undefined) return undefined
    found = rawHeaders[index + 1]
  }
  return found
}
