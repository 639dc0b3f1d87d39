import type { IncomingMessage } from 'node:http'
import type { Refusal } from './exchange.ts'
import { isHttp2 } from './servers/http2-server.ts'

/** What gRPC calls our statuses. 16 UNAUTHENTICATED, 7 PERMISSION_DENIED, 12 UNIMPLEMENTED, 8 RESOURCE_EXHAUSTED, 4 DEADLINE_EXCEEDED, 13 INTERNAL, 14 UNAVAILABLE */
const grpcStatuses: Readonly<Record<number, number>> = {
  ...{
    400: 13,
    401: 16,
    403: 7,
    404: 12,
    405: 12,
    408: 4,
    413: 8,
    429: 8,
    500: 13,
    502: 14,
    503: 14,
    504: 4,
  },
}

/** Whether a request is gRPC, whose clients read no bodies of refusals. It is spoken over HTTP/2 alone: elsewhere the name changes no status. */
export const isGrpc = (request: IncomingMessage): boolean =>
  isHttp2(request) && (request.headers['content-type']?.startsWith('application/grpc') ?? false)

/** The headers of a refusal in gRPC's form: success, and the failure in the headers that stand for trailers (gRPC over HTTP/2, Trailers-Only). */
export function grpcRefusal({ status, detail, headers }: Refusal): string[] {
  const code = grpcStatuses[status] ?? 2
  const fixed = ['content-type', 'application/grpc', 'grpc-status', String(code)]
  return [...fixed, 'grpc-message', encodeURIComponent(detail), ...Object.entries(headers ?? {}).flat()]
}
