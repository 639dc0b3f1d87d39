import { createHash, randomBytes } from 'node:crypto'

/** The one version of WebSocket (RFC 6455 §4.1). */
export const webSocketVersion = '13'

const keyForm = /^[A-Za-z0-9+/]{22}==$/
const salt = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11'

/** A `Sec-WebSocket-Key`: 16 bytes of chance. */
export const createWebSocketKey = (): string => randomBytes(16).toString('base64')

/** Whether a text is the base64 of 16 bytes. */
export const isWebSocketKey = (text: string | undefined): text is string => keyForm.test(text ?? '')

/** The `Sec-WebSocket-Accept` by which a server shows that it has read a key (RFC 6455 §4.2.2). */
export const acceptOf = (key: string): string =>
  createHash('sha1')
    .update(key + salt)
    .digest('base64')
