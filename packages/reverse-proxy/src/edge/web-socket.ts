import type { IncomingMessage } from 'node:http'

/** Whether a request would become a WebSocket. Any other upgrade is served as a plain request, and HTTP/1.0 knows none (RFC 9110 §7.8). */
export const isWebSocket = (request: Pick<IncomingMessage, 'method' | 'httpVersion' | 'headers'>): boolean =>
  request.method === 'GET' &&
  request.httpVersion === '1.1' &&
  request.headers.upgrade?.toLowerCase() === 'websocket'
